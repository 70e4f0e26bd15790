import EphemeralTime
import HarnessKit

/// How long to wait after so many failures, as scenarios write it.
struct BackoffOptions: Codable, Sendable {
    var kind: Kind?
    var base: DurationText?
    var factor: Double?
    var cap: DurationText?
    var jitter: Jitter?

    /// How the wait grows.
    enum Kind: String, Codable, Sendable, CaseIterable {
        /// It stays what it is.
        case constant
        /// By the base with each failure.
        case linear
        /// By the factor with each failure.
        case exponential
    }

    /// What chance takes away.
    enum Jitter: String, Codable, Sendable, CaseIterable {
        case none
        /// Anything up to all of it.
        case full
        /// Anything up to half of it.
        case equal
    }

    /// The longest wait, whatever the cap: a day.
    private static let longest = 86_400.0

    func validate() throws {
        try OptionChecks.requirePositive([("backoff/cap", cap)])
        if let base, base.duration < .zero {
            throw PluginOptionError(option: "backoff/base", message: "is \(base.text); give a time of 0 or more")
        }
        guard let factor, !(factor >= 1 && factor.isFinite) else { return }
        throw PluginOptionError(option: "backoff/factor", message: "is \(factor); give 1 or more")
    }

    /// The wait after so many failures, without chance.
    func wait(after failures: Int) -> Duration {
        let base = base.map { $0.duration / .seconds(1) } ?? 0.05
        // No power makes anything of it, also not one that overflows.
        guard base > 0 else { return .zero }
        let seconds =
            switch kind ?? .linear {
            case .constant: base
            case .linear: base * Double(failures)
            case .exponential: base * Self.power(factor ?? 2, failures - 1)
            }
        let bounded = min(seconds, cap.map { $0.duration / .seconds(1) } ?? Self.longest, Self.longest)
        // Whole nanoseconds, as clocks have them.
        return .nanoseconds(Int64((bounded * 1e9).rounded()))
    }

    private static func power(_ factor: Double, _ exponent: Int) -> Double {
        // Whatever overflows is cut to the longest wait.
        (0..<max(0, min(exponent, 4096))).reduce(1) { product, _ in product * factor }
    }
}

/// A back-off whose share of chance depends on the run's seed, the operation and its failures alone.
///
/// Whatever else fails, and when: an operation waits as long in every run of the plan, so that targets and builds meet the
/// same luck.
struct SeededBackoff: Sendable {
    private let options: BackoffOptions
    private let seed: UInt64

    init(_ options: BackoffOptions, seed: UInt64) {
        self.options = options
        self.seed = seed
    }

    /// The wait of an operation after so many failures.
    func wait(of operation: Int, after failures: Int) -> Duration {
        let wait = options.wait(after: failures)
        switch options.jitter ?? .none {
        case .none: return wait
        case .full: return wait * draw(operation, failures)
        case .equal: return wait * (0.5 + draw(operation, failures) / 2)
        }
    }

    /// A number from 0 up to 1.
    private func draw(_ operation: Int, _ failures: Int) -> Double {
        let key = [operation, failures].reduce(seed) { key, part in
            var generator = SplitMix64(seed: key &+ UInt64(bitPattern: Int64(part)))
            return generator.next()
        }
        var generator = SplitMix64(seed: key)
        return Double(generator.next(below: 1 << 53)) * 0x1p-53
    }
}
