import HarnessKit

extension MarkdownReport {
    static func invariants(_ result: RunResult) -> MarkdownSection {
        var table = MarkdownTable([.left(""), .left("Invariant"), .left("Targets"), .left("What was found")])
        for finding in InvariantFinding.all(in: result) {
            let label =
                MarkdownText.code(finding.use, limit: 60)
                + (finding.options.isEmpty ? "" : " \(MarkdownText.code(finding.options, limit: 80))")
            let held = finding.held
            if !held.isEmpty {
                let details = Set(held.map(\.detail))
                let detail = details.count == 1 ? MarkdownText.escaped(held[0].detail) : "held in every run"
                table.append(["✓", label, names(finding.heldTargets), detail])
            }
            for (answer, repetitions) in finding.doubts {
                let isViolated = answer.verdict == .fail
                let repetition = result.repetitions > 1 ? "repetition \(answer.repetition + 1): " : ""
                let further =
                    repetitions == 1 ? "" : " (and in \(PlainText.counted(repetitions - 1, "further repetition")))"
                table.append([
                    isViolated ? "✗" : "?", label, MarkdownText.code(answer.target, limit: 60),
                    "\(isViolated ? "**violated**" : "unknown"): \(repetition)\(MarkdownText.escaped(answer.detail))\(further)",
                ])
            }
        }
        return MarkdownSection(title: "Invariants", lines: table.isEmpty ? [] : table.lines, expendability: 3)
    }

    static func expectations(_ result: RunResult) -> MarkdownSection {
        let findings = ExpectationFinding.all(in: result)
        var table = MarkdownTable([
            .left(""), .left("Metric"), .left("Limit"), .left("Where"), .left("Target"), .right("Measured"),
            .right("Margin"), .left("Remark"),
        ])
        for finding in findings {
            for result in finding.results {
                let isWarning = result.level == .warn && result.verdict == .fail
                let remark = [isWarning ? "warning only" : nil, result.detail.map { MarkdownText.escaped($0) }]
                table.append([
                    isWarning ? "!" : result.verdict.mark,
                    MarkdownText.code(finding.metric, limit: 80), MarkdownText.code(finding.limit, limit: 60),
                    MarkdownText.escaped(finding.scope, limit: 80), MarkdownText.code(result.target, limit: 60),
                    result.measured.map { QuantityText.text($0.value, unit: $0.unit) } ?? QuantityText.missing,
                    result.margin.map(QuantityText.signedPercent) ?? QuantityText.missing,
                    remark.compactMap(\.self).joined(separator: ": "),
                ])
            }
        }
        return MarkdownSection(title: "Expectations", lines: table.isEmpty ? [] : table.lines, expendability: 3)
    }

    static func quality(_ result: RunResult) -> MarkdownSection {
        guard !result.runs.isEmpty else { return MarkdownSection(title: "Run quality", lines: []) }
        let isContended = result.runs.contains { $0.contention != nil }
        var table = MarkdownTable(
            [.left("Target"), .right("Repetition"), .right("lateness.p50"), .right("lateness.p99")]
                + (isContended ? [.right("CPU pressure"), .right("Stolen")] : []) + [.left("Run is"), .left("Reasons")]
        )
        for run in result.runs {
            let shares = [run.contention?.pressure, run.contention?.steal]
            let contention = shares.map { $0.map(QuantityText.percent) ?? "–" }
            let figures = [
                MarkdownText.code(run.target, limit: 60), "\(run.repetition + 1)",
                QuantityText.text(run.total["lateness.p50"], name: "lateness.p50"),
                QuantityText.text(run.total["lateness.p99"], name: "lateness.p99"),
            ]
            let verdict = run.validity.verdict == .pass ? "valid" : "**\(run.validity.verdict.rawValue)**"
            let words = [
                verdict + (run.interrupted ? ", interrupted" : ""),
                run.validity.reasons.prefix(5).map { MarkdownText.escaped($0, limit: 200) }.joined(separator: "; "),
            ]
            table.append(figures + (isContended ? contention : []) + words)
        }
        let environment = result.environment
        let machine = [
            "load average at the start \(NumberText.fixed(environment.load, decimals: 2))",
            "CPU pressure \(environment.cpuPressure.map(QuantityText.percent) ?? "unknown")",
            "stolen by the hypervisor \(environment.steal.map(QuantityText.percent) ?? "unknown")",
        ].joined(separator: ", ")
        return MarkdownSection(
            title: "Run quality",
            lines: ["The machine: \(machine).", ""] + table.lines + noise(result),
            expendability: 4
        )
    }

    /// By how much figures differ when nothing does.
    private static func noise(_ result: RunResult) -> [String] {
        guard let noise = result.noise else { return [] }
        let shown = KeyMetrics.overview + (result.comparison?.rows.map(\.metric) ?? [])
        let floors = noise.floors.filter { shown.contains($0.metric) }.map {
            "\(MarkdownText.escaped($0.metric)) \(QuantityText.percent($0.share))"
        }
        guard !floors.isEmpty else { return [] }
        return [
            "",
            "Noise floor, by how much \(MarkdownText.code(noise.target, limit: 60)) differs from itself in halves of its "
                + "\(noise.runs) runs: \(floors.joined(separator: ", ")).",
        ]
    }

    private static func names(_ targets: [String]) -> String {
        targets.count <= 3
            ? targets.map { MarkdownText.code($0, limit: 60) }.joined(separator: ", ") : "\(targets.count) targets"
    }
}
