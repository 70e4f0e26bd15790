import Dispatch
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct VirtualTimeFailureTests {
    @Test func aBodyThatNobodyResumesIsADeadlock() async throws {
        let time = VirtualTime(seed: 9)
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let error = try await failure(of: time, limits: VirtualRunLimits(idleTimeout: .zero)) {
            try await time.sleep(for: .seconds(2))
            for await _ in stream {}
        }
        #expect(error.code == .deadlock)
        #expect(error.report?.seed == 9)
        #expect(error.report?.elapsed == .seconds(2))
        #expect(error.description.contains("the body has not ended"))
        continuation.finish()
    }

    @Test func asleepForEverIsADeadlockToo() async throws {
        let time = VirtualTime()
        let error = try await failure(of: time, limits: VirtualRunLimits(idleTimeout: .zero)) {
            try await time.sleep(for: .seconds(Int64.max))
        }
        #expect(error.code == .deadlock)
        #expect(time.report.elapsed == .zero)
    }

    @Test func aRealSleepIsAnEscape() async throws {
        let time = VirtualTime()
        let error = try await failure(of: time) { try await sleepReally() }
        #expect(error.code == .escaped)
        #expect(error.report?.escapeCount == 1)
        #expect(error.report?.escapes.first?.kind == .resumption)
        #expect(error.description.contains("Task.sleep"))
    }

    @Test func aTaskOutsideThatIsAwaitedIsAnEscapeAndNamed() async throws {
        let error = try await failure(of: VirtualTime()) {
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            // The child begins when the body waits: a stray task of the body's own could end before that, unnoticed.
            async let stray = Task.detached(name: "the stray one") { continuation.finish() }
            for await _ in stream {}
            _ = await stray
        }
        #expect(error.code == .escaped)
        #expect(error.report?.escapes.map(\.source) == ["task 'the stray one'"])
        #expect(error.description.contains("the stray one"))
    }

    @Test func aTaskOutsideThatSleepsOnTheVirtualClockIsAnEscape() async throws {
        let time = VirtualTime()
        let error = try await failure(of: time) {
            let sleeper = Task.detached(name: "outside") { try? await time.sleep(for: .seconds(1)) }
            await sleeper.value
        }
        #expect(error.code == .escaped)
        #expect(error.report?.escapes.contains { $0.kind == .sleep && $0.source == "task 'outside'" } == true)
    }

    @Test func aReadingOfTheVirtualClockFromOutsideIsAnEscape() async throws {
        let time = VirtualTime()
        let error = try await failure(of: time) {
            await Task.detached(name: "outside") { _ = time.now }.value
        }
        #expect(error.report?.escapes.first?.kind == .clockReading)
        #expect(error.report?.escapes.first?.source == "task 'outside'")
    }

    @Test func aMainActorsWorkIsAnEscape() async throws {
        let error = try await failure(of: VirtualTime()) { await MainActor.run {} }
        #expect(error.code == .escaped)
    }

    @Test func anEscapeKeepsTheErrorOfTheBody() async throws {
        let error = try await failure(of: VirtualTime()) {
            try await sleepReally()
            throw Unhappy()
        }
        #expect(error.code == .escaped)
        #expect(error.underlyingError is Unhappy)
    }

    @Test func aRunAfterOneWithEscapesIsJudgedByItself() async throws {
        let time = VirtualTime()
        let error = try await failure(of: time) { try await sleepReally() }
        #expect(error.code == .escaped)
        try await time.run { try await time.sleep(for: .seconds(1)) }
    }

    @Test func aStepThatBlocksItsThreadIsGivenUp() async throws {
        let time = VirtualTime(traceLength: 10)
        let release = DispatchSemaphore(value: 0)
        defer { release.signal() }
        let error = try await failure(of: time, limits: VirtualRunLimits(stepTimeout: .milliseconds(20))) {
            try await time.sleep(for: .seconds(1))
            block(on: release)
        }
        #expect(error.code == .stepBlocked)
        #expect(error.report?.steps == 2)
        #expect(error.description.contains("step 2 has kept its thread"))
        #expect(error.description.contains("2 at 1.0 seconds"))
    }

    @Test func aLoopThatOnlyYieldsIsGivenUp() async throws {
        let error = try await failure(of: VirtualTime(), limits: VirtualRunLimits(maxSteps: 1000)) {
            while !Task.isCancelled { await Task.yield() }
        }
        #expect(error.code == .tooManySteps)
        #expect(error.report?.steps == 1000)
    }

    @Test func theStepsOfEarlierRunsDoNotCountTowardsTheLimit() async throws {
        let time = VirtualTime()
        for _ in 0..<3 {
            try await time.run(limits: VirtualRunLimits(maxSteps: 150)) {
                for _ in 0..<50 { await Task.yield() }
            }
        }
        #expect(time.report.steps > 150)
    }

    @Test func aGivenUpVirtualTimeRunsNothingMore() async throws {
        let time = VirtualTime()
        _ = try await failure(of: time, limits: VirtualRunLimits(maxSteps: 1)) { await Task.yield() }
        await #expect(throws: VirtualTimeError(code: .abandoned, message: "")) { try await time.run {} }
    }

    @Test func aRunWithinARunIsRefused() async throws {
        let time = VirtualTime()
        try await time.run {
            await #expect(throws: VirtualTimeError(code: .alreadyRunning, message: "")) { try await time.run {} }
        }
    }

    @Test(arguments: [
        (VirtualRunLimits(maxSteps: 0), "maxSteps is 0"),
        (VirtualRunLimits(stepTimeout: .zero), "stepTimeout is 0.0 seconds"),
        (VirtualRunLimits(idleTimeout: .seconds(-1)), "idleTimeout is -1.0 seconds"),
    ])
    func limitsOutsideTheirRangeAreRefused(_ limits: VirtualRunLimits, _ text: String) async throws {
        let error = try await failure(of: VirtualTime(), limits: limits) {}
        #expect(error.code == .invalidArgument)
        #expect(error.message.hasPrefix(text))
        #expect(error.report == nil)
    }

    /// Waits long for what comes from outside: a pool that other tests keep busy is slow to give it a thread.
    private func failure(
        of time: VirtualTime,
        limits: VirtualRunLimits = VirtualRunLimits(idleTimeout: .seconds(50)),
        _ body: @escaping @Sendable @concurrent () async throws -> Void
    ) async throws -> VirtualTimeError {
        try #require(await #expect(throws: VirtualTimeError.self) { try await time.run(limits: limits, body) })
    }
}

private struct Unhappy: Error {}

/// Long beside what a busy machine may take from the begin of a sleep to the suspension: one that ends before never leaves the
/// thread.
private func sleepReally() async throws { try await Task.sleep(for: .milliseconds(500)) }

private func block(on semaphore: DispatchSemaphore) { semaphore.wait() }
