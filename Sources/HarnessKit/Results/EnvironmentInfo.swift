/// On what machine and with what build a scenario was run.
public struct EnvironmentInfo: Codable, Sendable, Equatable {
    /// The model of the CPU.
    public var cpu: String
    /// Cores that the process may use.
    public var cores: Int
    /// Memory of the machine.
    public var memoryBytes: Int
    /// Name and release of the kernel.
    public var kernel: String
    /// The compiler's version.
    public var swift: String
    /// `release` or `debug`.
    public var build: String
    /// `git describe` of the working folder; `nil` outside a repository.
    public var revision: String?
    /// The one-minute load average when the run began.
    public var load: Double
    /// Share of the run's time in which some task waited for a CPU (pressure stall information), from 0 to 1.
    public var cpuPressure: Double?
    /// Share of CPU time that the hypervisor took away during the run, from 0 to 1.
    public var steal: Double?
    /// `jemalloc (counted)` or `system`.
    public var allocator: String
    /// ISO 8601, UTC.
    public var startedAt: String
    /// How long everything took.
    public var seconds: Double
    /// The command line.
    public var command: String

    /// Creates a description without pressure and steal.
    public init(
        cpu: String,
        cores: Int,
        memoryBytes: Int,
        kernel: String,
        swift: String,
        build: String,
        revision: String?,
        load: Double,
        allocator: String,
        startedAt: String,
        seconds: Double,
        command: String
    ) {
        self.cpu = cpu
        self.cores = cores
        self.memoryBytes = memoryBytes
        self.kernel = kernel
        self.swift = swift
        self.build = build
        self.revision = revision
        self.load = load
        self.allocator = allocator
        self.startedAt = startedAt
        self.seconds = seconds
        self.command = command
    }
}
