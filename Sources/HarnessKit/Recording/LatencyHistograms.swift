internal import Histogram
internal import Synchronization

/// The distributions of a run at recording level `latency`.
enum LatencyKind: Int, CaseIterable, Sendable {
    case response
    case service
    case queueWait
    case lateness
    case blockedInSubmit
}

/// Histograms per phase and distribution, one set per thread, merged when the run is over.
///
/// Memory is bounded by threads and phases, not by operations: a histogram holds 3 significant digits of values from
/// 1 ns to an hour, longer ones count as an hour, and exists once its thread has recorded into it.
final class LatencyHistograms: Sendable {
    typealias Values = Histogram<UInt64>

    private let shards = InlineArray<64, Shard> { _ in Shard() }
    private let phases: Int

    private struct Shard: ~Copyable, Sendable {
        let histograms = Mutex<[Values?]>([])
        let padding = InlineArray<8, Int>(repeating: 0)
    }

    static let longest: UInt64 = 3_600_000_000_000

    init(phases: Int) {
        self.phases = max(1, phases)
    }

    /// Records durations of one operation in nanoseconds.
    func record(phase: Int, _ values: [2 of (LatencyKind, Int64)]) {
        shards[ThreadShards.current].histograms.withLock { histograms in
            add(values[0], phase: phase, to: &histograms)
            add(values[1], phase: phase, to: &histograms)
        }
    }

    /// Records one duration in nanoseconds.
    func record(phase: Int, _ kind: LatencyKind, _ nanoseconds: Int64) {
        shards[ThreadShards.current].histograms.withLock { add((kind, nanoseconds), phase: phase, to: &$0) }
    }

    /// The values of a distribution over some phases and all threads.
    func merged(_ kind: LatencyKind, phases selected: some Sequence<Int>) -> Values {
        var sum = Self.empty
        for phase in selected {
            for index in 0..<ThreadShards.count {
                let part = shards[index].histograms.withLock { histograms -> Values? in
                    let slot = Self.slot(kind, phase: phase)
                    return slot < histograms.count ? histograms[slot] : nil
                }
                if let part { sum.add(part) }
            }
        }
        return sum
    }

    private static var empty: Values {
        Values(highestTrackableValue: longest, numberOfSignificantValueDigits: .three)
    }

    private static func slot(_ kind: LatencyKind, phase: Int) -> Int {
        phase * LatencyKind.allCases.count + kind.rawValue
    }

    private func add(_ value: (LatencyKind, Int64), phase: Int, to histograms: inout [Values?]) {
        if histograms.isEmpty {
            histograms = Array(repeating: nil, count: phases * LatencyKind.allCases.count)
        }
        let slot = Self.slot(value.0, phase: min(max(0, phase), phases - 1))
        if histograms[slot] == nil { histograms[slot] = Self.empty }
        _ = histograms[slot]?.record(min(UInt64(max(0, value.1)), Self.longest))
    }
}
