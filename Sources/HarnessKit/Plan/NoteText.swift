/// Numbers in notes, as a reader wants them: few digits, grouped thousands, a fitting unit.
enum NoteText {
    /// About three significant digits.
    static func number(_ value: Double) -> String {
        let magnitude = abs(value)
        return fixed(value, digits: magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3)
    }

    static func percent(_ share: Double) -> String {
        let value = share * 100
        // Close to 0 and 100 % the difference to them is what matters.
        let distance = min(abs(value), abs(100 - value))
        return "\(fixed(value, digits: distance >= 10 ? 0 : distance >= 1 ? 1 : 2)) %"
    }

    static func time(_ seconds: Double) -> String {
        if seconds >= 1 { return "\(number(seconds)) s" }
        return seconds >= 1e-3 ? "\(number(seconds * 1e3)) ms" : "\(number(seconds * 1e6)) us"
    }

    /// A decimal number with so many places, without trailing zeros.
    static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return String(value) }
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: Int64(scale))
        var places = String(fraction)
        places = String(repeating: "0", count: max(0, digits - places.count)) + places
        while places.last == "0" { places.removeLast() }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return sign + grouped(whole) + (places.isEmpty ? "" : ".\(places)")
    }

    private static func grouped(_ value: Int64) -> String {
        let digits = String(value)
        guard digits.count > 4 else { return digits }
        return digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (digits.count - digit.offset).isMultiple(of: 3) { text += " " }
            text.append(digit.element)
        }
    }
}
