import Foundation
import HarnessKit
import Testing

@testable import HarnessCommand

/// What a build says to a comparison that asks it for runs.
@Suite(.timeLimit(.minutes(5)))
struct GateWorkerTests {
    @Test func aSearchTellsOfEachTrialAndThenOfItsRun() async throws {
        let answers = try await answers(to: GateRequest(subject: 0, clock: .virtual, tellsTrials: true))
        let trials = answers.dropLast().map { try? JSONLine.decode(GateTrial.self, from: $0).trial }
        #expect(trials.count > 1)
        #expect(trials == Array(1...max(1, trials.count)))
    }

    // A comparison that knows nothing of trials takes the first line for the run.
    @Test func aSearchTellsOfNoTrialUnlessAsked() async throws {
        let answers = try await answers(to: GateRequest(subject: 0, clock: .virtual))
        #expect(answers.count == 1)
    }

    /// The lines up to the first that is a run.
    private func answers(to request: GateRequest) async throws -> [Data] {
        let scenario = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Scenarios/behaviour/search-capacity.json").standardizedFileURL.path
        let worker = try WorkerHandle(
            executable: try BuiltHarness.path,
            arguments: [GateWorkerCommand.name, scenario, "--set", "load.repeat=1"]
        )
        defer { worker.end() }
        let patience = DispatchTimeInterval.seconds(50)
        guard case .line = await worker.lines.next(within: patience) else {
            throw GateError("the worker has not said hello: \(worker.errors.lastLines(3))")
        }
        try worker.write(try JSONLine.encode(request) + "\n")
        var lines: [Data] = []
        while case .line(let line) = await worker.lines.next(within: patience) {
            lines.append(line)
            if (try? JSONLine.decode(ExactRecord.self, from: line)) != nil { return lines }
        }
        throw GateError("the worker gave no run: \(worker.errors.lastLines(3))")
    }
}
