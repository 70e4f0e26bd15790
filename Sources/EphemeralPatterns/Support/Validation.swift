internal import Ephemeral

/// What parameters of patterns have in common; every error names the parameter and says what to give.
enum Validation {
    static func positive(_ value: Int, _ parameter: String) throws {
        guard value > 0 else { throw CoordinatorError.invalid(parameter, value, "give 1 or more") }
    }

    static func notNegative(_ value: Int, _ parameter: String) throws {
        guard value >= 0 else { throw CoordinatorError.invalid(parameter, value, "give 0 or more") }
    }

    static func positive(_ value: Duration, _ parameter: String) throws {
        guard value > .zero else { throw CoordinatorError.invalid(parameter, value, "give a positive time") }
    }

    static func notNegative(_ value: Duration, _ parameter: String) throws {
        guard value >= .zero else { throw CoordinatorError.invalid(parameter, value, "give no time or a positive one") }
    }

    static func notBlank(_ value: String, _ parameter: String) throws {
        guard value.contains(where: { !$0.isWhitespace }) else {
            throw CoordinatorError.invalid(parameter, "\"\(value)\"", "give a name or a pattern")
        }
    }

    static func notBlank(_ value: SignalPatternSet, _ parameter: String) throws {
        guard !value.isEmpty else { throw CoordinatorError.invalid(parameter, "empty", "give a name or a pattern") }
    }

    static func ordered(_ lower: Int, _ lowerName: String, _ upper: Int, _ upperName: String) throws {
        guard lower <= upper else {
            throw CoordinatorError.invalid(upperName, upper, "give at least \(lowerName), which is \(lower)")
        }
    }
}
