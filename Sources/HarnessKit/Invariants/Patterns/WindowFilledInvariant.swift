/// A window without an age shows as many ended operations as it holds, or all of them while they are fewer.
enum WindowFilledInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// How many ended operations the window holds; the target's `windowSize` when left out.
        var size: Int?
        /// How much later than its end the target may show an operation on the machine's clock; 50 ms when left out.
        var slack: DurationText?
    }

    static let id = "window-filled"
    static let summary = "the target shows as many ended operations as its window holds, or all while they are fewer"
    static var needsSamples: Bool { true }

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.size, atLeast: 0, option: "size")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let size = options.size ?? evidence.option("windowSize") else {
            return .unknown("the target's options have no 'windowSize'; give the invariant's 'size'")
        }
        let ends = history.events.filter { $0.kind.isEnd }.map(\.time)
        let slack = evidence.slack(options.slack)
        var (readings, full) = (0, 0)
        for sample in history.samples {
            guard let visible = sample.sample.visible else { continue }
            // What ends in the instant of the reading may or may not be in it.
            let least = min(size, ends.partitionPoint { $0 >= sample.begin - slack })
            let most = min(size, ends.partitionPoint { $0 > sample.end })
            guard visible < least || visible > most else {
                readings += 1
                if visible == size { full += 1 }
                continue
            }
            return .fail(
                "\(visible) ended operations were visible at \(FindingText.time(sample.begin)); the window of \(size) was "
                    + "to show \(least == most ? "\(least)" : "\(least) to \(most)")"
            )
        }
        guard readings > 0 else { return .unknown("the target offered no readings of its window") }
        guard full > 0, ends.count > size else {
            return .unknown("\(FindingText.count(ends.count, "operation")) ended; the window of \(size) was never full")
        }
        return .pass("as many as there were to be in \(FindingText.count(readings, "reading")), \(full) of them full")
    }
}
