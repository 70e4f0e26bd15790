import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct AlarmTests {
    private let base = EngineBase(options: EphemeralOptions())
    private let gate = Gate()

    /// A task that lasts until it is cancelled.
    private func alarm() -> Task<Void, Never> {
        Task { [gate] in try? await gate.wait() }
    }

    @Test func aLaterOrderReplacesAnEarlierOne() async {
        let (first, second) = (alarm(), alarm())
        base.replaceAlarm(first, order: 1)
        base.replaceAlarm(second, order: 2)
        await first.value
        #expect(first.isCancelled)
        #expect(!second.isCancelled)
        base.replaceAlarm(nil, order: 3)
        await second.value
    }

    @Test func anOrderThatWasOvertakenIsNotCarriedOut() async {
        let (late, current) = (alarm(), alarm())
        base.replaceAlarm(current, order: 2)
        base.replaceAlarm(late, order: 1)
        base.replaceAlarm(nil, order: 1)
        await late.value
        #expect(!current.isCancelled)
        base.endAlarms()
        await current.value
    }

    @Test func afterTheEndNoAlarmIsSet() async {
        base.endAlarms()
        let late = alarm()
        base.replaceAlarm(late, order: 7)
        await late.value
        #expect(late.isCancelled)
    }
}
