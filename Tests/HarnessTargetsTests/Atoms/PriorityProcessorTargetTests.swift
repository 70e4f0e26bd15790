import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct PriorityProcessorTargetTests {
    private static func scenario(_ options: String, faults: String) -> VirtualScenario {
        var scenario = VirtualScenario(
            targets: #"{ "id": "a", "use": "atom.priority-processor", "options": \#(options) }"#
        )
        scenario.load = """
            { "model": "open", "arrivals": "even", "keys": { "dist": "uniform", "count": 9 },
              "phases": [
                { "name": "main", "for": "1s", "rate": "100/s" },
                { "name": "drain", "until": "empty", "limit": "20s", "measure": false }
              ] }
            """
        scenario.faults = faults
        return scenario
    }

    private static let outage = """
        [{ "id": "f", "part": 1, "rate": "100%", "during": { "from": "200ms", "to": "600ms" }, "error": "down" }]
        """

    @Test func aFaultOfThePrimaryMakesABackupTakeOverUntilAProbeSucceeds() async throws {
        let run = try await Self.scenario(#"{ "probeInterval": "100ms" }"#, faults: Self.outage).soundRun()
        #expect(run.signals("failover.requested:pri1") == 1)
        #expect(run.signals("failover.restored:pri1") == 1)
        #expect(run.tally.failed == 3, "those that decided; probes that fail go to the backup")
        #expect(run.tally.completed == 97)
    }

    @Test func whatFailedGetsASecondChanceWhereTheOptionsSaySo() async throws {
        let run = try await Self.scenario(
            #"{ "probeInterval": "100ms", "retryFailedOnBackup": true }"#,
            faults: Self.outage
        ).soundRun()
        #expect(run.tally.completed == 100)
    }

    @Test func theHistoryShowsWhichMemberMadeAnAttempt() async throws {
        let run = try await Self.scenario(#"{ "members": 3, "probeInterval": "10s" }"#, faults: Self.outage).soundRun()
        let parts = try #require(run.history).events.filter { $0.kind == .assigned }.map { Int($0.detail) }
        #expect(Set(parts) == [1, 2])
        #expect(parts.count { $0 == 1 } == 23)
    }

    @Test func operationsKeepTheirKeyOnTheWayThroughTheGroup() async throws {
        let run = try await Self.scenario("{}", faults: "[]").soundRun()
        let events = try #require(run.history).events
        #expect(events.filter { $0.kind == .started }.allSatisfy { run.plan.key(of: Int($0.operation)) == $0.detail })
        #expect(run.tally.completed == 100)
    }
}
