internal import EphemeralTime

/// The times at which a scenario's event happened in a run, in nanoseconds from its start.
struct EventOccurrence: Equatable {
    /// What durations are counted from.
    var origin: Int64
    /// From when on what is waited for is looked for; not before ``origin``.
    var search: Int64
}

extension RunArtifacts {
    /// When the event or burst that an expectation names happened.
    ///
    /// The runner's marks count before the planned times. Durations from a burst are counted from its beginning, but the
    /// depth is looked at from its end: before the burst the queue is short as well.
    ///
    /// - Parameters:
    ///   - name: The event's id, with `.end` for its end.
    ///   - isForDepth: Whether a fall of the depth is waited for.
    /// - Returns: The occurrences in the order of time.
    func occurrences(of name: String, isForDepth: Bool) -> [EventOccurrence] {
        let isEnd = name.hasSuffix(".end")
        let id = isEnd ? String(name.dropLast(4)) : name
        if let burst = plan.scenario.load.bursts.first(where: { $0.id == id }) {
            let begin = burst.at.clampedNanoseconds
            let end = begin + burst.over.clampedNanoseconds
            return [EventOccurrence(origin: isEnd ? end : begin, search: isEnd || isForDepth ? end : begin)]
        }
        let marked = isEnd ? markedEnds(of: id) : markedBeginnings(of: id)
        let times = marked.isEmpty ? plannedTimes(of: id, isEnd: isEnd) : marked
        return times.sorted().map { EventOccurrence(origin: $0, search: $0) }
    }

    private func markedBeginnings(of id: String) -> [Int64] {
        let raises = plan.scenario.timeline.contains { $0.id == id && $0.raisesSignal }
        return run.events.filter { $0.id == id && !(raises && $0.kind == "retract") }.map { Self.nanoseconds($0.at) }
    }

    private func markedEnds(of id: String) -> [Int64] {
        let own = run.events.filter { $0.id == "\(id).end" }.map { Self.nanoseconds($0.at) }
        return own.isEmpty ? run.events.filter { $0.id == id }.compactMap(\.end).map(Self.nanoseconds) : own
    }

    private func plannedTimes(of id: String, isEnd: Bool) -> [Int64] {
        guard let event = plan.scenario.timeline.first(where: { $0.id == id }) else { return [] }
        let first = event.at.clampedNanoseconds + (isEnd ? event.duration?.clampedNanoseconds ?? 0 : 0)
        let distance = event.every?.clampedNanoseconds ?? 0
        return (0..<max(1, event.times)).map { first + Int64($0) * distance }
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 {
        Int64((seconds * 1e9).rounded())
    }
}

extension TimelineEvent {
    fileprivate var raisesSignal: Bool {
        if case .raise = action { true } else { false }
    }
}
