internal import CHarnessSystem
internal import CJemalloc
internal import EphemeralTime
internal import Foundation

/// What the machine was like when a scenario began, to be compared with its end.
package struct MachineReading: Sendable {
    private let cpu = CPUReading()
    private let load = Self.loadAverage()

    /// Reads the machine now.
    package init() {}

    /// Describes machine and build, with what has changed since the reading.
    package func environment(command: String) -> EnvironmentInfo {
        let clock = SystemTimeSource()
        let started = cpu.started
        let seconds = started.duration(to: clock.now) / .seconds(1)
        var environment = EnvironmentInfo(
            cpu: Self.cpuModel(),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryBytes: Int(clamping: ProcessInfo.processInfo.physicalMemory),
            kernel: Self.kernel(),
            swift: Self.swiftVersion,
            build: Self.build,
            revision: GitRevision.current,
            load: load,
            allocator: harness_allocations_available() != 0 ? "jemalloc (counted)" : "system",
            startedAt: clock.wallTime(at: started).description,
            seconds: seconds,
            command: command
        )
        let contention = cpu.contention
        environment.cpuPressure = contention.pressure
        environment.steal = contention.steal
        return environment
    }

    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    private static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3.2)
            "6.3.2 or later"
        #elseif compiler(>=6.3.1)
            "6.3.1"
        #else
            "6.3"
        #endif
    }

    private static func kernel() -> String {
        ["ostype", "osrelease"].compactMap { text(at: "/proc/sys/kernel/\($0)") }.joined(separator: " ")
    }

    private static func cpuModel() -> String {
        let line = text(at: "/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") }
        let model = line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
        return model ?? "unknown"
    }

    private static func loadAverage() -> Double {
        text(at: "/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) } ?? 0
    }

    fileprivate static func text(at path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// What the kernel said of the CPU when something began.
struct CPUReading: Sendable {
    let started = SystemTimeSource().now
    private let pressure = Self.pressureSeconds()
    private let ticks = Self.cpuTicks()

    /// How much of the CPU was wanting since the reading.
    var contention: CPUContention {
        var contention = CPUContention()
        let seconds = started.duration(to: SystemTimeSource().now) / .seconds(1)
        if let before = pressure, let after = Self.pressureSeconds(), seconds > 0 {
            contention.pressure = min(1, max(0, (after - before) / seconds))
        }
        if let before = ticks, let after = Self.cpuTicks(), after.all > before.all {
            contention.steal = Double(after.stolen - before.stolen) / Double(after.all - before.all)
        }
        return contention
    }

    /// Seconds in which some task waited for a CPU, since the machine started.
    private static func pressureSeconds() -> Double? {
        ProcFormat.pressureSeconds(MachineReading.text(at: "/proc/pressure/cpu") ?? "")
    }

    private static func cpuTicks() -> ProcFormat.Ticks? {
        ProcFormat.ticks(MachineReading.text(at: "/proc/stat") ?? "")
    }
}

/// Reads the texts of Linux's `/proc`.
enum ProcFormat {
    /// CPU time in ticks since the machine started.
    struct Ticks: Equatable {
        var all: Int
        var stolen: Int
    }

    /// The `total` of the `some` line of pressure stall information, which is in microseconds.
    static func pressureSeconds(_ text: String) -> Double? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("some") }
        let total = line?.split(separator: " ").first { $0.hasPrefix("total=") }
        return total.flatMap { Double($0.dropFirst("total=".count)) }.map { $0 / 1e6 }
    }

    /// The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal, then guests, which user
    /// includes already.
    static func ticks(_ text: String) -> Ticks? {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        let counts = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int($0) }
        guard counts.count == 8 else { return nil }
        return Ticks(all: counts.reduce(0, +), stolen: counts[7])
    }
}
