/// What a run left behind after its target was shut down.
public struct RunLeftovers: Sendable, Equatable, Codable {
    /// Bodies that still ran.
    public var bodies: Int
    /// Tasks that still slept; `nil` on the machine's clock, where nobody can count them.
    public var sleepers: Int?

    /// Creates a value.
    public init(bodies: Int, sleepers: Int? = nil) {
        self.bodies = bodies
        self.sleepers = sleepers
    }
}
