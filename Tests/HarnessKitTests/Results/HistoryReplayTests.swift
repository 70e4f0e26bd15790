import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HistoryReplayTests {
    /// A recorded run of operations with failures, in lanes.
    static func recorded() async throws -> (run: FinishedRun, scenario: Scenario, evidence: RecordedEvidence) {
        var scenario = VirtualRunTests.minute(of: OrderlyTarget.id)
        scenario.invariants = .listed([
            InvariantSpec(use: "conservation"),
            InvariantSpec(use: "concurrency-bound", options: .object(["max": .integer(1)])),
        ])
        let run = try await scenario.runVirtuallyOnce()
        return (run, scenario, try #require(RecordedEvidence(run)))
    }

    @Test
    func eventsReadBackAreThoseThatWereWritten() async throws {
        let (run, _, evidence) = try await Self.recorded()
        let history = try #require(run.history)
        let lines = HistoryLines(history).bytes(limit: .max)
        let read = try HistoryLines.read(lines, names: evidence.names)
        #expect(read.missing == 0)
        #expect(read.events == history.events)
    }

    @Test
    func replayJudgesAsTheRunWas() async throws {
        let (run, scenario, evidence) = try await Self.recorded()
        let registry = try PluginRegistry.virtual
        let lines = HistoryLines(try #require(run.history)).bytes(limit: .max)
        let replay = HistoryReplay(evidence, lines: lines, scenario: scenario, registry: registry)
        #expect(replay.objection == nil)
        #expect(replay.invariants == Judge.invariants(scenario: scenario, registry: registry, evidence: run.evidence))
        #expect(replay.invariants.map(\.verdict) == [.pass, .fail])
    }

    @Test
    func cutHistoryIsNotJudged() async throws {
        let (run, scenario, evidence) = try await Self.recorded()
        let lines = HistoryLines(try #require(run.history)).bytes(limit: 10)
        let replay = HistoryReplay(evidence, lines: lines, scenario: scenario, registry: try .virtual)
        #expect(replay.invariants.isEmpty)
        #expect(replay.objection?.contains("holds 10 of \(evidence.events) events") == true)
    }

    @Test
    func changedHistoryIsNotJudged() async throws {
        let (run, scenario, evidence) = try await Self.recorded()
        var history = try #require(run.history)
        history.events[3].time += 1
        let lines = HistoryLines(history).bytes(limit: .max)
        let replay = HistoryReplay(evidence, lines: lines, scenario: scenario, registry: try .virtual)
        #expect(replay.invariants.isEmpty)
        #expect(replay.objection?.contains("the folder was changed") == true)
    }

    @Test
    func lineThatIsNoEventIsNamed() async throws {
        let (_, _, evidence) = try await Self.recorded()
        let lines = Array("{\"t\":1,\"event\":\"started\",\"op\":0}\n{\"t\":2,\"event\":\"vanished\"}\n".utf8)
        let error = try #require(throws: HistoryLineError.self) { try HistoryLines.read(lines, names: evidence.names) }
        #expect(error.description == "line 2: this version knows no event 'vanished'")
    }
}
