import HarnessKit

/// Two starts are never closer than a time.
///
/// What counts is when bodies begin. On a real clock a task begins some time after it was started, so there `least` needs to
/// leave room; in virtual time it is exact.
enum SpacingInvariant: Invariant {
    /// The options of a scenario's invariant.
    struct Options: Codable, Sendable {
        var least: DurationText?

        var distance: Duration { least?.duration ?? .milliseconds(10) }
    }

    static let id = "example.spacing"
    static let summary = "two starts are never closer than the time 'least', 10 ms when absent"

    static func validate(_ options: Options) throws {
        guard options.distance < .zero else { return }
        throw PluginOptionError(option: "least", message: "is negative; give a time, as \"10ms\"")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown("needs \"record\": \"history\"") }
        let starts = history.events.filter { $0.kind == .started }
        guard starts.count > 1 else { return .unknown("fewer than two operations started") }
        for (earlier, later) in zip(starts, starts.dropFirst()) {
            let distance = Duration.nanoseconds(later.time - earlier.time)
            guard distance < options.distance else { continue }
            let milliseconds = Double(later.time - earlier.time) / 1e6
            return .fail("#\(later.operation) started \(milliseconds) ms after #\(earlier.operation)")
        }
        return .pass("\(starts.count) starts, none closer than \(options.distance)")
    }
}
