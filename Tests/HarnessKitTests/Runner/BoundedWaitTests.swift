import EphemeralTime
import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct BoundedWaitTests {
    @Test
    func operationThatEndsIsWaitedFor() async {
        let wait = BoundedWait(
            stage: .machine(time: .system, executor: nil),
            interruption: Interruption(),
            interruptedLimit: .seconds(30)
        )
        #expect(await wait(.seconds(30)) {})
    }

    @Test
    func operationThatHangsIsLeftBehind() async {
        let wait = BoundedWait(
            stage: .machine(time: .system, executor: nil),
            interruption: Interruption(),
            interruptedLimit: .seconds(30)
        )
        let never = FakeWork()
        never.accept()
        let ended = await wait(.milliseconds(1)) { await never.waitUntilIdle() }
        #expect(!ended)
        never.end()
    }

    @Test
    func interruptionShortensTheWait() async {
        let interruption = Interruption()
        interruption.fire()
        let wait = BoundedWait(
            stage: .machine(time: .system, executor: nil),
            interruption: interruption,
            interruptedLimit: .milliseconds(1)
        )
        let never = FakeWork()
        never.accept()
        let ended = await wait(.seconds(3600)) { await never.waitUntilIdle() }
        #expect(!ended)
        never.end()
    }

    @Test
    func interruptionIsHeardOnceAndAlsoWhenItCameBefore() async {
        let interruption = Interruption()
        let calls = CallCount()
        await interruption.whileHearing({ calls.increment() }) {
            interruption.fire()
            interruption.fire()
        }
        #expect(calls.value == 1)
        await interruption.whileHearing({ calls.increment() }) {}
        #expect(calls.value == 2)
        #expect(interruption.isFired)
    }
}
