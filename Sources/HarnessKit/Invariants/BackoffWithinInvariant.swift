internal import EphemeralTime

/// An operation is attempted again no earlier and no later after a failure than its back-off allows.
///
/// Later is allowed while all slots are taken: what counts is for how long one was free before the attempt began, after the
/// longest wait was over. Pauses and deferring signals are not seen; give the slack for them, or leave it out.
enum BackoffWithinInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The shortest wait; none when left out.
        var floor: DurationText?
        /// The longest wait; without it, the `cap` of the target's `backoff`.
        var cap: DurationText?
        /// How much later an attempt may begin although a slot is free; 5 ms when left out.
        var slack: DurationText?
    }

    static let id = "backoff-within"
    static let summary = "between a failure and the next attempt lies a wait within the bounds"

    static func validate(_ options: Options) throws {
        for (option, value) in [("floor", options.floor), ("cap", options.cap), ("slack", options.slack)] {
            try InvariantOptions.requireNotNegative(value, option: option)
        }
        guard let floor = options.floor, let cap = options.cap, floor.duration > cap.duration else { return }
        throw PluginOptionError(option: "floor", message: "\(floor.text) is longer than the cap, \(cap.text)")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let floor = options.floor?.duration.clampedNanoseconds ?? 0
        guard let cap = options.cap?.duration.clampedNanoseconds ?? evidence.backoffCap else {
            return .unknown("the target's options have no 'backoff' with a 'cap'; give the invariant's 'cap'")
        }
        let slack = evidence.slack(options.slack)
        let limit = evidence.allowedConcurrency ?? .max
        var sweep = LevelSweep(history)
        var freeSince: Int64? = .min
        var failures: [Int32: Int64] = [:]
        var waits: [Int64] = []
        for event in history.events {
            if event.kind == .started, let failed = failures.removeValue(forKey: event.operation) {
                let wait = event.time - failed
                waits.append(wait)
                let place =
                    "operation #\(event.operation) failed at \(FindingText.time(failed)) and was attempted again "
                    + "\(FindingText.time(wait)) later"
                if wait < floor { return .fail("\(place); the floor is \(FindingText.time(floor))") }
                if let freeSince, event.time > max(freeSince, failed.plus(cap)).plus(slack) {
                    return .fail("\(place), with a slot free; the cap is \(FindingText.time(cap))")
                }
            }
            if event.kind == .failed { failures[event.operation] = event.time }
            sweep.apply(event)
            if sweep.inFlight >= limit { freeSince = nil } else { freeSince = freeSince ?? event.time }
        }
        guard let shortest = waits.min(), let longest = waits.max() else {
            return .unknown("no operation was attempted again")
        }
        return .pass(
            "\(FindingText.count(waits.count, "wait")) between \(FindingText.time(shortest)) and "
                + "\(FindingText.time(longest))"
        )
    }
}

extension Evidence {
    /// The longest wait that the target's `backoff` names.
    fileprivate var backoffCap: Int64? {
        guard case .object(let options) = targetOptions, case .object(let backoff)? = options["backoff"] else {
            return nil
        }
        return (try? backoff["cap"]?.decode(as: DurationText.self))?.duration.clampedNanoseconds
    }
}

extension InvariantOptions {
    static func requireNotNegative(_ value: DurationText?, option: String) throws {
        guard let value, value.duration < .zero else { return }
        throw PluginOptionError(option: option, message: "\(value.text) is negative; give a time of 0 or more")
    }
}
