/// The target never shows more ended operations than its window holds.
enum WindowBoundInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The bound; without it, the target's `maxTrackedOperations` or `maxTracked`.
        var max: Int?
    }

    static let id = "window-bound"
    static let summary = "the target never shows more ended operations than its window holds"
    static var needsSamples: Bool { true }

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.max, atLeast: 0, option: "max")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let bound = options.max ?? evidence.option("maxTrackedOperations") ?? evidence.option("maxTracked")
        else {
            return .unknown("the target's options have no 'maxTrackedOperations'; give the invariant's 'max'")
        }
        var most = 0
        for sample in history.samples {
            guard let visible = sample.sample.visible else { continue }
            most = max(most, visible)
            if visible > bound {
                return .fail(
                    "\(visible) ended operations were visible at \(FindingText.time(sample.begin)); the bound is \(bound)"
                )
            }
        }
        guard history.samples.contains(where: { $0.sample.visible != nil }) else {
            return .unknown("the target offered no readings of its window")
        }
        let ended = history.events.reduce(0) { $0 + ($1.kind.isEnd ? 1 : 0) }
        guard ended > bound else {
            return .unknown("\(FindingText.count(ended, "operation")) ended; the window holds \(bound)")
        }
        return .pass("at most \(most) of \(bound) visible, in \(FindingText.count(history.samples.count, "reading"))")
    }
}

extension HistoryEvent.Kind {
    /// Whether it ends an attempt, or the operation without one.
    var isEnd: Bool {
        switch self {
        case .completed, .failed, .cancelled, .discarded: true
        default: false
        }
    }
}
