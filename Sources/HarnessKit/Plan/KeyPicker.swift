#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// How operations get their keys, ready to pick: keys are numbers from 0, and key 0 is the most frequent under Zipf.
enum KeyPicker: Sendable {
    case none
    case uniform(count: Int)
    /// The share of keys up to and including each, ascending to 1.
    case table(cumulative: [Double])
    case roundRobin(count: Int)

    init(_ distribution: KeyDistribution) throws(PlanError) {
        switch distribution {
        case .none:
            self = .none
        case .uniform(let count):
            try Self.require(count, atMost: Int(Int32.max))
            self = .uniform(count: count)
        case .roundRobin(let count):
            try Self.require(count, atMost: Int(Int32.max))
            self = .roundRobin(count: count)
        case .zipf(let count, let exponent):
            try Self.require(count, atMost: 10_000_000)
            guard exponent >= 0, exponent.isFinite else {
                throw PlanError(message: "the keys' exponent is \(exponent); give a number from 0 up")
            }
            self = .table(cumulative: Self.zipf(count: count, exponent: exponent))
        }
    }

    /// The key of an operation, by its number and a word drawn for it.
    @inline(__always)
    func key(of index: Int, word: @autoclosure () -> UInt64) -> Int {
        switch self {
        case .none: 0
        case .uniform(let count): word().scaled(to: count)
        case .roundRobin(let count): index % count
        case .table(let cumulative): Self.firstIndex(in: cumulative, above: word().unitInterval)
        }
    }

    private static func zipf(count: Int, exponent: Double) -> [Double] {
        var cumulative: [Double] = []
        cumulative.reserveCapacity(count)
        var sum = 0.0
        for rank in 1...count {
            sum += pow(Double(rank), -exponent)
            cumulative.append(sum)
        }
        for index in cumulative.indices { cumulative[index] /= sum }
        return cumulative
    }

    private static func firstIndex(in cumulative: [Double], above value: Double) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > value { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func require(_ count: Int, atMost limit: Int) throws(PlanError) {
        guard count < 1 || count > limit else { return }
        throw PlanError(message: "the load has \(count) keys; give a count from 1 to \(limit)")
    }
}
