extension JSONReader {
    mutating func string() throws(SyntaxError) -> String {
        let opening = index
        index += 1
        var text = ""
        var runStart = index
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                text += String(decoding: bytes[runStart..<index], as: UTF8.self)
                index += 1
                return text
            case UInt8(ascii: "\\"):
                text += String(decoding: bytes[runStart..<index], as: UTF8.self)
                text.unicodeScalars.append(try escape())
                runStart = index
            case ..<0x20:
                throw SyntaxError(offset: index, message: Self.controlMessage(byte))
            default:
                index += 1
            }
        }
        throw SyntaxError(offset: opening, message: "the string is not closed; add '\"'")
    }

    private static func controlMessage(_ byte: UInt8) -> String {
        switch byte {
        case 0: "a string holds a NUL byte; remove it"
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): "a string ends on its line; close it with '\"' or write \\n"
        default:
            "a string holds the control character 0x\(String(byte, radix: 16)); write it as an escape (\\t, \\u00..)"
        }
    }

    private mutating func escape() throws(SyntaxError) -> Unicode.Scalar {
        let start = index
        index += 1
        guard let byte = current else { throw expected("an escape") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(start: start)
        default:
            index = start + 1
            let message = "\(found) does not make an escape after a backslash; write \\\\ for a backslash"
            throw SyntaxError(offset: start, message: message)
        }
    }

    private mutating func unicodeEscape(start: Int) throws(SyntaxError) -> Unicode.Scalar {
        let first = try hexadecimal(start: start)
        if first == 0 {
            throw SyntaxError(offset: start, message: "a string holds the NUL character \\u0000; remove it")
        }
        if let scalar = Unicode.Scalar(first) { return scalar }
        let lone = SyntaxError(
            offset: start,
            message: "half of a surrogate pair; write both halves (\\uD83D\\uDE00) or the character itself"
        )
        guard first < 0xDC00, accept("\\"), accept("u") else { throw lone }
        let second = try hexadecimal(start: start)
        guard (0xDC00...0xDFFF).contains(second) else { throw lone }
        let combined = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        guard let scalar = Unicode.Scalar(combined) else { throw lone }
        return scalar
    }

    private mutating func hexadecimal(start: Int) throws(SyntaxError) -> UInt32 {
        let end = min(index + 4, bytes.count)
        let digits = String(decoding: bytes[index..<end], as: UTF8.self)
        guard digits.utf8.count == 4, digits.utf8.allSatisfy(Self.isHexadecimal), let value = UInt32(digits, radix: 16)
        else {
            throw SyntaxError(offset: start, message: "\\u needs four hexadecimal digits, as \\u00e9")
        }
        index = end
        return value
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }

    mutating func number() throws(SyntaxError) -> LocatedValue.Content {
        let start = index
        _ = accept("-")
        let firstDigit = index
        try digits(start: start)
        if index - firstDigit > 1, bytes[firstDigit] == UInt8(ascii: "0") {
            throw SyntaxError(offset: start, message: "a number does not begin with 0; remove the leading zeros")
        }
        var isInteger = true
        if accept(".") {
            isInteger = false
            try digits(start: start)
        }
        if accept("e") || accept("E") {
            isInteger = false
            if !accept("+") { _ = accept("-") }
            try digits(start: start)
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if let byte = current, byte.isLetterOrDot {
            let message = "a value with a unit is a string; write it in double quotes, as \"\(text)ms\""
            throw SyntaxError(offset: start, message: message)
        }
        if isInteger, let value = Int64(text) { return .integer(value) }
        if !isInteger, let value = Double(text), value.isFinite { return .number(value) }
        let shown = text.count > 40 ? "\(text.prefix(40))…" : text
        throw SyntaxError(offset: start, message: "the number \(shown) is out of range; it does not fit 64 bits")
    }

    private mutating func digits(start: Int) throws(SyntaxError) {
        let first = index
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        if index == first {
            throw SyntaxError(offset: start, message: "the number lacks a digit before \(found)")
        }
    }
}

extension UInt8 {
    fileprivate var isLetterOrDot: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "."), UInt8(ascii: "%"): true
        default: false
        }
    }
}
