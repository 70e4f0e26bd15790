import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct RetryTargetTests {
    private static func scenario(_ options: String, faults: String) -> VirtualScenario {
        var scenario = VirtualScenario(targets: #"{ "id": "a", "use": "atom.retry", "options": \#(options) }"#)
        scenario.faults = faults
        return scenario
    }

    @Test func everyOperationGetsAllItsAttemptsAndEndsOnce() async throws {
        let run = try await Self.scenario(
            #"{ "maxAttempts": 4, "backoff": { "kind": "constant", "base": "20ms" } }"#,
            faults: #"[{ "id": "f", "rate": "100%", "error": "transient" }]"#
        ).soundRun()
        #expect(run.tally.started == 400 && run.tally.failed == 100)
        let events = try #require(run.history).events
        #expect(events.count { $0.kind == .ended } == 100)
        #expect(run.signals("retry.exhausted") == 100)
    }

    @Test func aPermanentErrorIsNotTriedAgain() async throws {
        let run = try await Self.scenario(
            "{}",
            faults: #"[{ "id": "f", "scope": "operation", "rate": "100%", "error": "permanent" }]"#
        ).soundRun()
        #expect(run.tally.started == 100 && run.tally.failed == 100)
    }

    @Test func theScenarioSaysWhichErrorsArePermanent() async throws {
        let run = try await Self.scenario(
            #"{ "permanentErrors": ["fatal"], "maxAttempts": 2 }"#,
            faults: #"[{ "id": "f", "scope": "operation", "rate": "100%", "error": "permanent" }]"#
        ).soundRun()
        #expect(run.tally.started == 200)
    }

    @Test func aProducerWaitsForTheLastAttempt() async throws {
        var scenario = Self.scenario(
            #"{ "maxAttempts": 3, "backoff": { "kind": "constant", "base": "100ms" } }"#,
            faults: #"[{ "id": "f", "rate": "100%", "error": "transient" }]"#
        )
        scenario.load = """
            { "model": "closed", "producers": 1, "phases": [{ "name": "main", "operations": 5, "limit": "20s" }] }
            """
        let run = try await scenario.soundRun()
        let submitted = try #require(run.history).events.filter { $0.kind == .submitted }.map(\.time)
        let distances = zip(submitted, submitted.dropFirst()).map { $1 - $0 }
        // Three attempts of 5 ms and two waits between them.
        #expect(distances == Array(repeating: 215_000_000, count: 4))
    }

    @Test func aWaitingOperationIsNotEmpty() async throws {
        let run = try await Self.scenario(
            #"{ "maxAttempts": 2, "backoff": { "kind": "constant", "base": "3s" } }"#,
            faults: #"[{ "id": "f", "rate": "100%", "error": "transient" }]"#
        ).soundRun()
        let drain = try #require(run.spans.last)
        #expect(
            drain.end > 3_900_000_000,
            "the phase that ends when nothing is in flight waits for the second attempts"
        )
    }

    @Test func anOperationWaitsAsLongWhateverElseFails() async throws {
        func waits(failing rate: String) async throws -> [[Int]: Int64] {
            let run = try await Self.scenario(
                #"{ "maxConcurrency": 100, "maxAttempts": 3, "backoff": { "kind": "constant", "base": "50ms", "jitter": "full" } }"#,
                faults: #"[{ "id": "f", "rate": "\#(rate)", "error": "transient" }]"#
            ).soundRun()
            var failures: [[Int]: Int64] = [:]
            var waits: [[Int]: Int64] = [:]
            for event in try #require(run.history).events {
                let place = [Int(event.operation), Int(event.attempt)]
                if event.kind == .failed { failures[place] = event.time }
                guard event.kind == .started, let failed = failures[[place[0], place[1] - 1]] else { continue }
                waits[[place[0], place[1] - 1]] = event.time - failed
            }
            return waits
        }
        let (all, some) = try await (waits(failing: "100%"), waits(failing: "50%"))
        let both = Set(all.keys).intersection(some.keys)
        #expect(all.count == 200 && both.count > 50 && both.count < 150)
        #expect(both.allSatisfy { all[$0] == some[$0] })
    }

    @Test func whatIsCancelledBetweenAttemptsHasEnded() async throws {
        var scenario = Self.scenario(
            #"{ "maxAttempts": 5, "backoff": { "kind": "constant", "base": "400ms" } }"#,
            faults: #"[{ "id": "f", "rate": "100%", "error": "transient" }]"#
        )
        scenario.timeline = #"[{ "at": "500ms", "do": { "cancel": true } }]"#
        let run = try await scenario.soundRun()
        #expect(run.tally.cancelled + run.tally.failed + run.tally.refused + run.tally.discarded == 100)
        #expect(run.tally.cancelled > 10)
    }
}

@Suite(.timeLimit(.minutes(1))) struct BackoffOptionsTests {
    private func waits(_ options: BackoffOptions) -> [Duration] { (1...4).map { options.wait(after: $0) } }

    @Test func withoutOptionsItIsTheLibrarysLinearBackoff() {
        #expect(
            waits(BackoffOptions()) == [.milliseconds(50), .milliseconds(100), .milliseconds(150), .milliseconds(200)]
        )
    }

    @Test func exponentialWaitsGrowByTheFactorUpToTheCap() {
        let options = BackoffOptions(
            kind: .exponential,
            base: DurationText(.milliseconds(10)),
            factor: 3,
            cap: DurationText(.milliseconds(50))
        )
        #expect(waits(options) == [.milliseconds(10), .milliseconds(30), .milliseconds(50), .milliseconds(50)])
    }

    @Test func noNumberOfFailuresIsTooMany() {
        let options = BackoffOptions(kind: .exponential, factor: 1e300)
        #expect(options.wait(after: .max) == .seconds(86_400))
        let none = BackoffOptions(kind: .exponential, base: DurationText(.zero), factor: 1e300)
        #expect(none.wait(after: .max) == .zero)
    }

    @Test(arguments: [(BackoffOptions.Jitter.full, 0.0), (.equal, 0.5)])
    func jitterTakesAwayItsShare(jitter: BackoffOptions.Jitter, least: Double) {
        let options = BackoffOptions(kind: .constant, base: DurationText(.seconds(1)), jitter: jitter)
        let backoff = SeededBackoff(options, seed: 5)
        let waits = (0..<1000).map { backoff.wait(of: $0, after: 1) / .seconds(1) }
        #expect(waits.allSatisfy { $0 >= least && $0 < 1 })
        // A thousand uniform draws: the standard error of the mean is a hundredth of the range.
        #expect(abs(waits.reduce(0, +) / 1000 - (1 + least) / 2) < 0.05)
    }

    @Test func aWaitDependsOnSeedOperationAndFailuresAlone() {
        let options = BackoffOptions(kind: .constant, jitter: .full)
        let (first, second) = (SeededBackoff(options, seed: 9), SeededBackoff(options, seed: 9))
        let places = (0..<20).flatMap { operation in (1...3).map { (operation, $0) } }
        let waits = places.map { first.wait(of: $0.0, after: $0.1) }
        #expect(Array(places.reversed().map { second.wait(of: $0.0, after: $0.1) }.reversed()) == waits)
        #expect(Set(waits).count == waits.count)
        let other = SeededBackoff(options, seed: 10)
        #expect(places.map { other.wait(of: $0.0, after: $0.1) } != waits)
    }
}
