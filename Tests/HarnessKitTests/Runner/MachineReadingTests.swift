import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct MachineReadingTests {
    @Test
    func pressureIsReadFromTheSomeLine() {
        let text = """
            some avg10=1.53 avg60=0.87 avg300=0.73 total=1500000
            full avg10=0.00 avg60=0.00 avg300=0.00 total=7
            """
        #expect(ProcFormat.pressureSeconds(text) == 1.5)
        #expect(ProcFormat.pressureSeconds("") == nil)
    }

    @Test
    func stolenTicksAreTheEighthColumn() {
        let text = "cpu  10 20 30 40 50 60 70 80 900 1000\ncpu0 1 2 3 4 5 6 7 8 9 10"
        #expect(ProcFormat.ticks(text) == ProcFormat.Ticks(all: 360, stolen: 80))
        #expect(ProcFormat.ticks("intr 1 2 3") == nil)
    }

    @Test
    func environmentNamesMachineAndBuild() {
        let environment = MachineReading().environment(command: "harness run x.json")
        #expect(environment.cores > 0)
        #expect(environment.memoryBytes > 0)
        #expect(environment.kernel.hasPrefix("Linux "))
        #expect(environment.command == "harness run x.json")
    }

    // What the kernel does not tell stays unknown; what it tells is a share.
    @Test
    func everyRunOfTheRealClockTellsHowMuchOfTheCPUWasWanting() async throws {
        let environment = MachineReading().environment(command: "")
        let scenario = Scenario.closed(target: EagerTarget.id, producers: 2, awaiting: .accepted, operations: 100)
        let run = try await scenario.runOnce()
        let contention = try #require(run.contention)
        #expect((contention.pressure == nil) == (environment.cpuPressure == nil))
        for share in [contention.pressure, contention.steal].compactMap(\.self) { #expect((0...1).contains(share)) }
        #expect(run.artifacts(scenario: scenario, registry: try .fakes).run.contention == contention)
    }

    @Test
    func aBusyMachineIsTold() {
        var environment = MachineReading().environment(command: "")
        environment.cpuPressure = 0.1
        environment.steal = 0
        #expect(environment.busyNote == nil)
        environment.cpuPressure = 0.75
        environment.steal = 0.1
        #expect(
            environment.busyNote
                == "the machine was busy: tasks waited for a CPU 75 % of the time, the hypervisor took 10 % "
                + "of the CPU time away; figures of the real clock are doubtful"
        )
    }
}
