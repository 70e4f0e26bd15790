import HarnessKit

/// Nothing that may start waits while a place is free.
///
/// Exact in virtual time only: everything that follows from an event has happened when the clock moves on.
enum WorkConservingInvariant: Invariant {
    struct Options: Codable, Sendable {
        /// How many places are there at any time of the run.
        var places: Int
    }

    static let id = "test.work-conserving"
    static let summary = "nothing that may start waits while a place is free"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown("there is no history") }
        var waiting: [Int32: Int32] = [:]
        var running: [Int32: Int32] = [:]
        var deferring = 0
        var looks = 0
        for (event, next) in zip(history.events, history.events.dropFirst()) {
            switch event.kind {
            case .accepted: waiting[event.operation] = event.detail
            case .started: running[event.operation] = waiting.removeValue(forKey: event.operation)
            case .completed, .failed, .cancelled: running[event.operation] = nil
            case .discarded: waiting[event.operation] = nil
            case .signalRaised: deferring += 1
            case .signalRetracted: deferring -= 1
            default: break
            }
            guard next.time > event.time, deferring == 0, running.count < options.places else { continue }
            looks += 1
            let busy = Set(running.values)
            if let idle = waiting.filter({ !busy.contains($0.value) }).keys.min() {
                return .fail("#\(idle) waits although \(running.count) of \(options.places) places are taken")
            }
        }
        return looks > 0 ? .pass("\(looks) looks") : .unknown("there was never a free place")
    }
}
