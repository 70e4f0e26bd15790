import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct AnalyticAttemptsTests {
    // 1 + 1/2 + 1/4.
    @Test func expectedAttemptsAreThoseOfTheSeries() {
        #expect(AnalyticComparison.expectedAttempts(0.5, limit: 3) == 1.75)
        #expect(AnalyticComparison.expectedAttempts(0.5, limit: 1) == 1)
    }

    @Test func aLimitAsLargeAsNumbersAreTakesNoTime() {
        #expect(AnalyticComparison.expectedAttempts(0.5, limit: .max) == 2)
    }

    private static func share(error: String, permanentErrors: [String]? = nil) -> Double? {
        var options: JSONValue.Object = [:]
        if let permanentErrors { options["permanentErrors"] = .array(permanentErrors.map { .string($0) }) }
        var scenario = PlanFixture.open(rate: 100, seconds: 10)
        scenario.faults = [FaultRule(id: "f", scope: .attempt, rate: 0.25, effect: .error(error))]
        let target = TargetSpec(id: "retry", use: "x", options: .object(options))
        return AnalyticComparison.retriedShare(of: scenario, target: target)
    }

    @Test func afterAnErrorThatPassesThereIsAnotherAttempt() {
        #expect(Self.share(error: "transient") == 0.25)
        #expect(Self.share(error: "permanent", permanentErrors: ["other"]) == 0.25)
    }

    @Test func ofErrorsThatStayNothingIsExpected() {
        #expect(Self.share(error: "permanent") == nil)
        #expect(Self.share(error: "denied", permanentErrors: ["denied"]) == nil)
    }
}
