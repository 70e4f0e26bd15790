/// The clock that a run takes place on.
public enum RunClock: String, Sendable, CaseIterable, Codable {
    /// The machine's clock and threads.
    case real
    /// A clock that jumps, on one thread, in an order drawn from the seed: see `virtual-time`.
    case virtual
}
