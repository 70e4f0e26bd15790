import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct RunCourseTests {
    /// A history of operations that start at once, each with its length in milliseconds, every ten milliseconds.
    private static func metrics(
        count: Int,
        length: (Int) -> Int64,
        wait: (Int) -> Int64 = { _ in 0 }
    ) throws -> HistoryMetrics {
        let millisecond: Int64 = 1_000_000
        var events: [HistoryEvent] = []
        for index in 0..<count {
            let due = Int64(index) * 10 * millisecond
            let start = due + wait(index) * millisecond
            events.append(HistoryEvent(time: due, kind: .submitted, operation: Int32(index)))
            events.append(HistoryEvent(time: due, kind: .accepted, operation: Int32(index)))
            var started = HistoryEvent(time: start, kind: .started, operation: Int32(index))
            started.attempt = 1
            events.append(started)
            events.append(
                HistoryEvent(time: start + length(index) * millisecond, kind: .completed, operation: Int32(index))
            )
        }
        let order = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        var history = History()
        history.events = order.map(\.element)
        let span = PhaseSpan(name: "main", measured: true, start: 0, end: Int64(count) * 10 * millisecond)
        return HistoryMetrics(
            history: history,
            plan: try Plan(PlanFixture.open(rate: 100, seconds: count / 100)),
            phaseSpans: [span]
        )
    }

    @Test func equalResponsesAreFlat() throws {
        let metrics = try Self.metrics(count: 600, length: { 3 + Int64($0 % 3) })
        #expect(try #require(metrics.course()).course == .flat)
    }

    @Test func aSlowBeginningIsAWarmUp() throws {
        let metrics = try Self.metrics(count: 600, length: { ($0 < 150 ? 8 : 3) + Int64($0 * 7 % 3) })
        let course = try #require(metrics.course())
        #expect(course.course == .warmUp)
        #expect((12...18).contains(course.steadyFrom * 60 / course.windows))
    }

    @Test func fewOperationsHaveNoCourse() throws {
        let metrics = try Self.metrics(count: 60, length: { _ in 3 })
        #expect(metrics.course() == nil)
    }

    @Test func aQueueThatGrowsThroughoutIsUnstable() throws {
        // Every operation waits a fifth of its due time longer: at the end of six seconds 1.2 seconds, 120 operations.
        let metrics = try Self.metrics(count: 600, length: { _ in 1 }, wait: { Int64($0) * 2 })
        let growing = metrics.growingQueues { _ in true }
        #expect(growing.map(\.phase) == [0])
        #expect(abs(try #require(growing.first).perSecond - 100.0 / 6) < 3)
        #expect(metrics.growingQueues { _ in false }.isEmpty)
    }

    @Test func aQueueThatStaysIsStable() throws {
        let metrics = try Self.metrics(count: 600, length: { _ in 1 }, wait: { 200 + Int64($0 % 7) })
        #expect(metrics.growingQueues { _ in true }.isEmpty)
        // Twenty operations of ten milliseconds' distance wait at any time, but for the beginning.
        let depths = metrics.meanDepths(in: 1_000_000_000..<5_000_000_000, parts: 4)
        #expect(depths.allSatisfy { abs($0 - 20.3) < 0.5 }, "\(depths)")
    }

    @Test func theMeanInFlightIsRateTimesLength() throws {
        let metrics = try Self.metrics(count: 600, length: { _ in 5 })
        #expect(abs(metrics.meanInFlight(in: 0..<6_000_000_000) - 0.5) < 1e-9)
    }

    @Test func aMeasuredValueThatIsFarOffIsTold() {
        let check = AnalyticCheck(name: "utilisation", expected: 0.5, measured: 0.8, tolerance: 0.1)
        #expect(!check.holds)
        #expect(check.sentence.contains("look for a hidden queue"))
        #expect(AnalyticCheck(name: "utilisation", expected: 0.5, measured: 0.54, tolerance: 0.1).holds)
    }
}
