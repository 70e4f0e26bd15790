internal import EphemeralTime

/// A member of a group is passed over only while it is unhealthy, becomes so only by failures in a row, and is back only
/// after a good probe.
///
/// Read from the signals `failover.requested`, `failover.restored`, `probe.success` and `route.assigned` and from the attempts of
/// each member. An operation that failed before may go to a backup at any time.
enum FailoverOnlyWhenUnhealthyInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// How many failures in a row it takes; without it, the target's `failureThreshold`, or 3.
        var threshold: Int?
        /// Within which time they lie; without it, the target's `failureWindow`, or 10 s.
        var window: DurationText?
        /// How far the record of a signal may be from the decision that it tells of; 100 ms when left out.
        var slack: DurationText?
    }

    static let id = "failover-only-when-unhealthy"
    static let summary = "a member is passed over only while it is unhealthy, by failures in a row, until a good probe"

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.threshold, atLeast: 1, option: "threshold")
        try InvariantOptions.requireNotNegative(options.window, option: "window")
        try InvariantOptions.requireNotNegative(options.slack, option: "slack")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        var watch = GroupWatch(
            history,
            threshold: options.threshold ?? evidence.option("failureThreshold") ?? 3,
            window: options.window?.duration.clampedNanoseconds ?? evidence.duration("failureWindow") ?? 10_000_000_000,
            slack: evidence.slack(options.slack, orElse: .milliseconds(100)),
            slots: evidence.slots
        )
        for event in history.events {
            if let problem = watch.apply(event) { return .fail(problem) }
        }
        if let problem = watch.judgeRoutes() { return .fail(problem) }
        guard watch.failovers > 0 else { return .unknown("no member became unhealthy") }
        return .pass(
            "\(FindingText.count(watch.failovers, "failover")), \(FindingText.count(watch.restorations, "restoration")), "
                + "\(FindingText.count(watch.passedOver, "operation")) passed over an unhealthy member"
        )
    }
}

/// Follows the members of a group through a history.
private struct GroupWatch {
    private(set) var failovers = 0
    private(set) var restorations = 0
    private(set) var passedOver = 0

    private let names: [GroupSignal?]
    private let threshold: Int
    private let window: Int64
    private let slack: Int64
    private let slots: Int
    private var members: [Int32: Member] = [:]
    private var parts: [Int32: Int32] = [:]
    private var failed: Set<Int32> = []
    private var routes: [(operation: Int32, member: Int32, time: Int64)] = []

    private struct Member {
        /// The outcomes since it was restored last.
        var outcomes: [(time: Int64, isFailure: Bool)] = []
        /// When it was unhealthy; the last stretch may have no end yet.
        var absences: [(begin: Int64, end: Int64?)] = []
        var wasProbed = false

        var isUnhealthy: Bool { absences.last.map { $0.end == nil } ?? false }
    }

    init(_ history: History, threshold: Int, window: Int64, slack: Int64, slots: Int) {
        names = history.signalNames.map { GroupSignal($0) }
        self.threshold = threshold
        self.window = window
        self.slack = slack
        self.slots = slots
    }

    /// Takes in the next event, and says what is wrong with it.
    mutating func apply(_ event: HistoryEvent) -> String? {
        switch event.kind {
        case .assigned:
            parts[event.operation] = event.detail
        case .completed, .failed:
            if event.kind == .failed { failed.insert(event.operation) }
            guard let member = parts[event.operation] else { break }
            members[member, default: Member()].outcomes.append((event.time, event.kind == .failed))
        case .signalRaised:
            guard names.indices.contains(Int(event.detail)), let signal = names[Int(event.detail)] else { break }
            return apply(signal, at: event.time)
        default:
            break
        }
        return nil
    }

    private mutating func apply(_ signal: GroupSignal, at time: Int64) -> String? {
        switch signal {
        case .requested(let number):
            failovers += 1
            let problem = objection(to: number, at: time)
            members[number, default: Member()].absences.append((time, nil))
            members[number]?.wasProbed = false
            return problem
        case .probed(let number):
            members[number]?.wasProbed = true
        case .restored(let number):
            restorations += 1
            guard let member = members[number], member.isUnhealthy, member.wasProbed else {
                return "member \(number) was restored at \(FindingText.time(time)) without a good probe"
            }
            members[number]?.absences[member.absences.count - 1].end = time
            // What was recorded a moment before may have come after it.
            members[number]?.outcomes.removeAll { $0.time < time - slack }
        case .assigned(let number, let operation):
            guard number > 1, !failed.contains(operation) else { break }
            routes.append((operation, number, time))
        }
        return nil
    }

    /// What is missing for a member to be unhealthy.
    ///
    /// Outcomes are recorded when bodies end, a moment before the target takes them in, in any order: of as many successes as
    /// others can have ended at that moment nothing is certain.
    private func objection(to number: Int32, at time: Int64) -> String? {
        let outcomes = members[number]?.outcomes ?? []
        let failures = outcomes.filter(\.isFailure).suffix(threshold)
        let place = "member \(number) was declared unhealthy at \(FindingText.time(time))"
        guard failures.count == threshold, let oldest = failures.first else {
            return "\(place) after \(FindingText.count(failures.count, "failure")); the threshold is \(threshold)"
        }
        if time - oldest.time > window.plus(slack) {
            return "\(place), but the first of its last \(threshold) failures was at \(FindingText.time(oldest.time)), "
                + "outside the window of \(FindingText.time(window))"
        }
        let between = outcomes.count { !$0.isFailure && $0.time > oldest.time }
        guard between >= slots else { return nil }
        return "\(place), although \(between) operations succeeded since the first of its last \(threshold) failures"
    }

    /// The first operation that went past a healthy member.
    mutating func judgeRoutes() -> String? {
        for route in routes {
            for number in 1..<route.member where !isAbsent(number, around: route.time) {
                return "#\(route.operation) was given to member \(route.member) at \(FindingText.time(route.time)), "
                    + "although member \(number) was healthy"
            }
            passedOver += 1
        }
        return nil
    }

    private func isAbsent(_ number: Int32, around time: Int64) -> Bool {
        (members[number]?.absences ?? []).contains { absence in
            time >= absence.begin - slack && time <= (absence.end ?? .max).plus(slack)
        }
    }
}

/// A signal of a group of processors, taken apart.
private enum GroupSignal {
    case requested(Int32)
    case restored(Int32)
    case probed(Int32)
    case assigned(Int32, operation: Int32)

    init?(_ name: String) {
        let parts = name.split(separator: ":", maxSplits: 2)
        guard parts.count > 1, parts[1].hasPrefix("pri") else { return nil }
        guard let number = Int32(parts[1].dropFirst(3).prefix { $0.isASCII && $0.isNumber }) else { return nil }
        switch parts[0] {
        case "failover.requested": self = .requested(number)
        case "failover.restored": self = .restored(number)
        case "probe.success": self = .probed(number)
        case "route.assigned":
            // Ids begin with the number of the operation.
            guard parts.count > 2, let operation = Int32(parts[2].prefix { $0.isASCII && $0.isNumber }) else {
                return nil
            }
            self = .assigned(number, operation: operation)
        default: return nil
        }
    }
}
