import HarnessKit
import Testing

@testable import HarnessReports

@Suite(.timeLimit(.minutes(1))) struct NumberTextTests {
    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"),
        (1234.5, 0, "1235"),
        (0.000_000_001, 9, "0.000000001"), (.infinity, 2, "inf"), (-.infinity, 2, "-inf"), (.nan, 2, "nan"),
    ])
    func fixedDecimals(_ value: Double, decimals: Int, text: String) {
        #expect(NumberText.fixed(value, decimals: decimals) == text)
    }

    @Test(arguments: [
        (0.0, "0"), (1, "1.00"), (9.996, "10.0"), (99.96, "100"), (999.6, "1000"), (12_345, "12345"),
        (0.012_34, "0.0123"),
        (0.099_96, "0.100"), (-2.5, "-2.50"), (1e-12, "0.000000000"), (1e300, "1e+300"),
    ])
    func threeSignificantDigits(_ value: Double, text: String) {
        #expect(NumberText.significant(value) == text)
    }

    @Test(arguments: [
        (0.0, "0 s"), (0.000_000_000_85, "0.850 ns"), (0.000_000_85, "850 ns"), (0.000_999_6, "1.00 ms"),
        (0.0123, "12.3 ms"), (1, "1.00 s"), (4321, "4321 s"), (-0.002, "-2.00 ms"), (.nan, "–"), (.infinity, "∞"),
    ])
    func durations(_ value: Double, text: String) {
        #expect(QuantityText.text(value, unit: .seconds) == text)
    }

    @Test(arguments: [
        (0.0, "0 /s"), (400, "400 /s"), (7_612_000, "7.61 M/s"), (999_999, "1.00 M/s"), (0.5, "0.500 /s"),
    ])
    func rates(_ value: Double, text: String) {
        #expect(QuantityText.text(value, unit: .perSecond) == text)
    }

    @Test(arguments: [(0.0, "0 B"), (512, "512 B"), (1024, "1.00 KiB"), (1_572_864, "1.50 MiB"), (812.5, "813 B")])
    func sizes(_ value: Double, text: String) {
        #expect(QuantityText.text(value, unit: .bytes) == text)
    }

    @Test(arguments: [(0.0, "0"), (7, "7"), (99_999, "99999"), (1_500_000, "1.50 M"), (5.08, "5.08"), (0.01, "0.0100")])
    func counts(_ value: Double, text: String) {
        #expect(QuantityText.text(value, unit: .count) == text)
    }

    @Test(arguments: [
        (0.0, "0 %"), (1, "100 %"), (0.999_97, "99.997 %"), (0.9999999, "99.99999 %"), (0.988, "98.8 %"),
        (0.0003, "0.0300 %"),
    ])
    func sharesNearAllAreNotRoundedToAll(_ value: Double, text: String) {
        #expect(QuantityText.text(value, unit: .ratio) == text)
    }

    @Test(arguments: [(999, "12.0 ms†"), (1000, "12.0 ms")]) func percentilesOfFewSamplesAreMarked(n: Int, text: String)
    {
        let metric = Metric(value: 0.012, unit: .seconds, n: n)
        #expect(QuantityText.text(metric, name: "response.p99") == text)
    }

    @Test func missingMetricsAreDashes() {
        #expect(QuantityText.text(nil, name: "throughput") == "–")
    }
}
