/// One run with all that is wanted of it outside of the process that made it.
public struct JudgedRun: Codable, Sendable, Equatable {
    /// The run's figures and invariants.
    public var run: TargetRun
    /// What the run says about each expectation, by ``Expectation/readingKey``.
    var readings: [String: Reading]
    /// Remarks for the reader.
    public var notes: [String]
    /// The distributions of the measured phases, by name.
    public var histograms: [String: LatencyHistogram]

    /// Creates a run about which nothing further is known.
    init(run: TargetRun, readings: [String: Reading] = [:], notes: [String] = []) {
        self.run = run
        self.readings = readings
        self.notes = notes
        histograms = [:]
    }

    /// Takes down what a run says about the expectations of its scenario.
    init(_ artifacts: RunArtifacts, expectations: [Expectation]) {
        var reader = ExpectationReader(artifacts)
        var readings: [String: Reading] = [:]
        for expectation in expectations where readings[expectation.readingKey] == nil {
            readings[expectation.readingKey] = reader.read(expectation)
        }
        self.init(run: artifacts.run, readings: readings)
    }
}

extension Expectation {
    /// What tells expectations apart that read different figures of a run.
    var readingKey: String {
        let window = window.map { "\($0.lowerBound.text)...\($0.upperBound.text)" }
        return "\(metric.name) phase \(phase ?? "-") window \(window ?? "-") after \(after ?? "-")"
    }
}
