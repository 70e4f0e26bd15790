import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalAnomalyDetectorTests {
    let time = ManualTimeSource()
    let sink: SignalSink

    init() { sink = SignalSink(time: time) }

    @Test func asManySignalsAsTheThresholdInTheWindowAreAnAnomaly() throws {
        let detector = try SignalAnomalyDetector(sink)
        for _ in 0..<4 { sink.raise("error.disk") }
        #expect(!detector.isAnomalous && detector.matchCount == 4)
        sink.raise("error.net")
        #expect(detector.isAnomalous && detector.matchCount == 5)
    }

    @Test func aSignalCountsForAsLongAsTheWindow() throws {
        let detector = try SignalAnomalyDetector(sink, threshold: 1, window: .seconds(5))
        sink.raise("error.disk")
        time.advance(by: .seconds(5))
        #expect(detector.isAnomalous)
        time.advance(by: .nanoseconds(1))
        #expect(!detector.isAnomalous && sink.contains("error.disk"))
    }

    @Test func oldSignalsThatAreRaisedNowDoNotCount() throws {
        let detector = try SignalAnomalyDetector(sink, threshold: 1)
        let old = time.now
        time.advance(by: .seconds(11))
        sink.raise(SignalEvent("error.disk", timestamp: old, timeSource: time))
        #expect(!detector.isAnomalous && sink.contains("error.disk"))
    }

    @Test func onlySignalsThatMatchCount() throws {
        let detector = try SignalAnomalyDetector(sink, pattern: ["http.error.*", "timeout"], threshold: 2)
        for signal in ["error.disk", "http.error", "http.error.500", "timeouts"] { sink.raise(signal) }
        #expect(detector.matchCount == 1)
        sink.raise("timeout")
        #expect(detector.isAnomalous)
    }

    @Test func signalsThatAreTakenBackDoNotCount() throws {
        let detector = try SignalAnomalyDetector(sink, threshold: 1)
        sink.raise("error.disk")
        sink.retract("error.disk")
        #expect(!detector.isAnomalous)
    }

    @Test func valuesOutsideTheirRangeAreRefused() {
        #expect(codeThrown { _ = try SignalAnomalyDetector(sink, threshold: 0) } == .invalidArgument)
        #expect(codeThrown { _ = try SignalAnomalyDetector(sink, window: .zero) } == .invalidArgument)
        #expect(codeThrown { _ = try SignalAnomalyDetector(sink, pattern: [" "]) } == .invalidArgument)
    }

    @Test func aWindowLongerThanTheClockCountsEverything() throws {
        let detector = try SignalAnomalyDetector(sink, threshold: 1, window: .seconds(Int64.max))
        sink.raise("error.disk")
        #expect(detector.isAnomalous)
    }

    @Test func itCountsWhatWasRaisedInTheWindowUnderEverySchedule() async throws {
        try await explore { options, seed in
            let sink = SignalSink(time: options.time)
            let raised = Journal<ContinuousClock.Instant>()
            let detector = try SignalAnomalyDetector(sink, threshold: 3, window: .milliseconds(20))
            let sources = try WorkCoordinator<Int>(options: options) { item in
                try await options.time.sleep(for: .milliseconds((item * 7 + Int(seed)) % 30))
                raised.record(options.time.now)
                sink.raise("error.\(item)")
            }
            var violations: [String] = []
            for item in 0..<20 {
                try await sources.enqueue(item)
                try await options.time.sleep(for: .milliseconds(3))
                let recent = raised.elements.count { $0.duration(to: options.time.now) <= .milliseconds(20) }
                violations += (detector.matchCount == recent).orElse("\(detector.matchCount) instead of \(recent)")
            }
            try await sources.drain()
            return violations
        }
    }
}
