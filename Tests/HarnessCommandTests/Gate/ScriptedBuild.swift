import Foundation
import HarnessKit
import HarnessReports

@testable import HarnessCommand

/// A folder of shell scripts that speak as builds of the harness do.
struct ScriptedBuilds {
    let folder: URL

    /// Writes a build.
    ///
    /// - Parameters:
    ///   - name: The name of its file.
    ///   - subjects: What it can run.
    ///   - record: What comes of every run.
    ///   - script: What it does after its greeting; it finds the record's file in `$record`.
    /// - Returns: Its path.
    /// - Throws: When the files cannot be written.
    func write(
        _ name: String,
        subjects: [GateSubject] = [Self.subject("t")],
        record: ExactRecord = Self.record(),
        after script: String = Self.answering
    ) throws -> String {
        let hello = GateHello(
            environment: MachineReading().environment(command: ""),
            subjects: subjects,
            problems: []
        )
        try write("\(name).hello", JSONLine.encode(hello) + "\n")
        try write("\(name).record", JSONLine.encode(record) + "\n")
        let record = folder.appending(path: "\(name).record").path
        return try write(
            name,
            "#!/bin/sh\nrecord='\(record)'\ncat '\(folder.appending(path: "\(name).hello").path)'\n\(script)\n"
        )
    }

    /// Writes an executable that says whatever it likes.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return file.path
    }

    /// Answers every request with the record.
    static let answering = #"while read -r line; do cat "$record"; done"#

    static func subject(
        _ target: String,
        clocks: [RunClock] = [.virtual],
        paired: [RegressionRules.Margin] = []
    ) -> GateSubject {
        GateSubject(
            scenario: "s",
            target: target,
            planDigest: "p",
            clocks: clocks,
            seed: 1,
            rules: RegressionRules(exact: ["completed"], paired: paired, observe: [])
        )
    }

    static func record(
        completed: Double = 100,
        throughput: Double = 1000,
        violations: [String] = [],
        objections: [String] = []
    ) -> ExactRecord {
        var run = TargetRun(target: "t", use: "t", options: .object([:]), clock: "virtual", seed: 1, repetition: 0)
        run.planDigest = "p"
        run.total["completed"] = Metric(value: completed, unit: .count, n: 100)
        run.total["throughput"] = Metric(value: throughput, unit: .perSecond, n: 100)
        run.invariants = violations.map {
            InvariantResult(use: "conservation", options: [:], verdict: .fail, detail: $0)
        }
        if !objections.isEmpty {
            run.validity.verdict = .invalid
            run.validity.reasons = objections
        }
        return ExactRecord(run)
    }

    /// Compares two builds.
    func gate(
        _ base: String,
        _ head: String,
        schedule: GateSchedule = GateSchedule(pairs: 2, processes: 2, budget: nil)
    ) async throws -> GateReport {
        try await GateSession(
            base: base,
            head: head,
            arguments: [],
            schedule: schedule,
            accepted: [],
            targets: [],
            seed: 1,
            interruption: Interruption(),
            patience: .seconds(40)
        ) { _ in }.run()
    }
}

extension GateReport {
    /// The row of a quantity.
    func row(_ quantity: String, of target: String = "t") -> RegressionRow? {
        rows.first { $0.quantity == quantity && $0.target == target }
    }
}
