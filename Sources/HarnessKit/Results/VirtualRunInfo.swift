/// What is known of a run in virtual time beyond its figures: equal for equal seed, plan and code.
public struct VirtualRunInfo: Codable, Sendable, Equatable {
    /// Steps of the executor.
    public var steps: Int
    /// How far the virtual clock moved.
    public var seconds: Double
    /// A hash of every choice of the executor, in hexadecimal: equal runs took the same steps in the same order.
    public var scheduleDigest: String
    /// Whether a second run was equal; `nil` when there was none.
    public var isRepeatable: Bool?

    /// Creates a value.
    public init(steps: Int, seconds: Double, scheduleDigest: String) {
        self.steps = steps
        self.seconds = seconds
        self.scheduleDigest = scheduleDigest
    }
}
