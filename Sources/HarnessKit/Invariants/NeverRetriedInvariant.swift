/// An operation that failed with one of certain errors is not attempted again.
enum NeverRetriedInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Names of the errors, as the scenario's fault rules give them.
        var errors: [String]
    }

    static let id = "never-retried"
    static let summary = "an operation that failed with one of these errors is not attempted again"

    static func validate(_ options: Options) throws {
        guard options.errors.isEmpty else { return }
        throw PluginOptionError(option: "errors", message: "the list is empty; name at least one error")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let names = Set(options.errors)
        let numbers = Set(
            history.errorNames.indices.filter { names.contains(history.errorNames[$0]) }.map { UInt16($0) }
        )
        var failures: [Int32: HistoryEvent] = [:]
        for event in history.events {
            if event.kind == .failed, numbers.contains(event.error) {
                failures[event.operation] = failures[event.operation] ?? event
            } else if event.kind == .started, let failure = failures[event.operation] {
                let name = history.errorNames[Int(failure.error)]
                return .fail(
                    "operation #\(event.operation) failed with '\(name)' at \(FindingText.time(failure.time)) "
                        + "and was attempted again at \(FindingText.time(event.time))"
                )
            }
        }
        guard !failures.isEmpty else {
            return .unknown("no attempt failed with \(options.errors.map { "'\($0)'" }.joined(separator: " or "))")
        }
        return .pass("none of \(FindingText.count(failures.count, "operation")) that failed so was attempted again")
    }
}
