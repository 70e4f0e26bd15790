import HarnessKit

/// Checks that options of several targets share.
enum OptionChecks {
    /// Refuses numbers that are too small; what is absent is right.
    static func require(_ values: [(option: String, value: Int?, least: Int)]) throws {
        for (option, value, least) in values {
            guard let value, value < least else { continue }
            throw PluginOptionError(option: option, message: "is \(value); give \(least) or more")
        }
    }

    /// Refuses times that are not positive; what is absent is right.
    static func requirePositive(_ values: [(option: String, value: DurationText?)]) throws {
        for (option, value) in values {
            guard let value, value.duration <= .zero else { continue }
            throw PluginOptionError(option: option, message: "is \(value.text); give a positive time")
        }
    }

    /// Refuses signal patterns that are none; what is absent is right.
    static func requireNames(_ values: [(option: String, value: SignalPatterns?)]) throws {
        for (option, value) in values {
            guard let value, value.patterns.isEmpty || value.patterns.contains(where: \.isBlank) else { continue }
            throw PluginOptionError(option: option, message: "is blank; give a name or a pattern")
        }
    }
}

extension String {
    /// Whether there is nothing to read in it.
    var isBlank: Bool { !contains { !$0.isWhitespace } }
}
