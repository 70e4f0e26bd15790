/// How much of the CPU was wanting while something ran, by what the kernel says of the whole machine.
public struct CPUContention: Codable, Sendable, Equatable {
    /// Share of the time in which some task waited for a CPU (pressure stall information), from 0 to 1; `nil` where the kernel
    /// does not tell.
    public var pressure: Double?
    /// Share of CPU time that the hypervisor took away, from 0 to 1; `nil` where the kernel does not tell.
    public var steal: Double?

    /// Creates a description.
    public init(pressure: Double? = nil, steal: Double? = nil) {
        self.pressure = pressure
        self.steal = steal
    }
}
