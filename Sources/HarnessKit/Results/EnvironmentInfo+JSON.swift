internal import FoundationEssentials

extension EnvironmentInfo {
    /// The environment as `env.json` holds it.
    public var jsonText: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        // Encoding plain numbers and strings to memory has no way to fail.
        let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

extension EnvironmentInfo {
    /// What kept the machine from measuring well; `nil` where nothing did.
    var busyNote: String? {
        var reasons: [String] = []
        if let cpuPressure, cpuPressure > 0.5 {
            reasons.append("tasks waited for a CPU \(NoteText.percent(cpuPressure)) of the time")
        }
        if let steal, steal > 0.02 {
            reasons.append("the hypervisor took \(NoteText.percent(steal)) of the CPU time away")
        }
        guard !reasons.isEmpty else { return nil }
        return "the machine was busy: \(reasons.joined(separator: ", ")); figures of the real clock are doubtful"
    }
}
