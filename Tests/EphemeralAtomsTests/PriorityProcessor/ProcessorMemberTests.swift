import Ephemeral
import Testing

@testable import EphemeralAtoms

@Suite(.timeLimit(.minutes(1)))
struct ProcessorMemberTests {
    private let start = ContinuousClock().systemEpoch

    private func member(threshold: Int) -> ProcessorMember {
        ProcessorMember(id: 1, priority: 1, limit: 1, options: PriorityProcessorOptions(failureThreshold: threshold))
    }

    private func fail(_ member: inout ProcessorMember, at seconds: Int) -> Bool {
        member.fail(now: start.advanced(by: .seconds(seconds)))
    }

    private func expectFailure(of member: inout ProcessorMember, at seconds: Int, makesItUnhealthy expected: Bool) {
        let isUnhealthyNow = fail(&member, at: seconds)
        #expect(isUnhealthyNow == expected)
    }

    @Test func itBecomesUnhealthyWithTheFailureThatReachesTheThresholdAndOnlyThen() {
        var member = member(threshold: 3)
        var answers: [Bool] = []
        for second in 0...3 { answers.append(fail(&member, at: second)) }
        #expect(answers == [false, false, true, false])
        #expect(!member.isHealthy && member.consecutiveFailures == 4)
    }

    @Test func oneFailureSufficesForAThresholdOfOne() {
        var member = member(threshold: 1)
        expectFailure(of: &member, at: 0, makesItUnhealthy: true)
    }

    @Test func theWindowIsThatOfTheLastFailuresAndItsEndsBelongToIt() {
        var member = member(threshold: 2)
        expectFailure(of: &member, at: 0, makesItUnhealthy: false)
        expectFailure(of: &member, at: 11, makesItUnhealthy: false)
        expectFailure(of: &member, at: 21, makesItUnhealthy: true)
    }

    @Test func aSuccessEndsTheRow() {
        var member = member(threshold: 2)
        expectFailure(of: &member, at: 0, makesItUnhealthy: false)
        member.succeed()
        expectFailure(of: &member, at: 1, makesItUnhealthy: false)
        #expect(member.consecutiveFailures == 1)
    }

    @Test func everyChangeOfHealthBeginsAnotherEpoch() {
        var member = member(threshold: 1)
        let healthy = member.epoch
        expectFailure(of: &member, at: 0, makesItUnhealthy: true)
        let unhealthy = member.epoch
        let wasUnhealthy = member.restore()
        #expect(wasUnhealthy && member.isHealthy)
        #expect(Set([healthy, unhealthy, member.epoch]).count == 3)
        let isRestoredTwice = member.restore()
        #expect(!isRestoredTwice)
    }
}
