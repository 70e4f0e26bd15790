import HarnessKit

extension RunResult {
    /// The verdict in words, with the most important reason: `PASS: 5 invariants held on 6 targets`.
    var verdictSentence: RichText {
        var sentence = RichText(.words("\(verdict.headword): "))
        switch verdict {
        case .pass: sentence += passReason
        case .fail: sentence += failReason
        case .invalid: sentence += validityReason(.invalid, otherwise: "no reason is recorded; see the notes")
        case .inconclusive: sentence += inconclusiveReason
        }
        if interrupted { sentence += [.words("; stopped by the user before the end")] }
        return sentence
    }

    private var passReason: [RichText.Span] {
        let invariants = InvariantFinding.all(in: self)
        let held = invariants.count { $0.verdict == .pass }
        let open = invariants.count { $0.verdict == .unknown }
        let expectations = ExpectationFinding.all(in: self)
        let met = expectations.count { $0.missed.isEmpty }
        let warnings = expectations.count - met
        let targets = PlainText.counted(targetNames.count, "target")

        let parts = [(held, "invariant"), (met, "expectation")].filter { $0.0 > 0 }.map(PlainText.counted)
        var words =
            parts.isEmpty
            ? "nothing was checked; \(targets) ran"
            : "\(parts.joined(separator: " and ")) held on \(targets)"
        if open > 0 { words += "; \(PlainText.counted(open, "invariant")) could not be answered" }
        if warnings > 0 { words += "; \(PlainText.counted(warnings, "expectation")) of level warn missed" }
        return capacities + [.words(words)]
    }

    /// `capacity of 'work' 978 /s; `, as far as a sentence can hold it.
    private var capacities: [RichText.Span] {
        guard let searches, !searches.isEmpty else { return [] }
        let known: [[RichText.Span]] = searches.prefix(4).map { search in
            [.literal(search.target), .words(" \(search.rateText)")]
        }
        let more = searches.count > known.count ? " and \(searches.count - known.count) more" : ""
        return [.words("capacity of ")] + known.joined(separator: [.words(", ")]) + [.words("\(more); ")]
    }

    /// A violated invariant weighs more than a missed expectation: figures of a wrong run mean nothing.
    private var failReason: [RichText.Span] {
        let violated = InvariantFinding.all(in: self).filter { $0.verdict == .fail }
        let missed = expectations.filter { $0.level == .fail && $0.verdict == .fail }
        let further = max(0, violated.count + missed.count - 1)
        let rest: [RichText.Span] =
            further == 0 ? [] : [.words("; \(PlainText.counted(further, "further check")) failed")]
        if let finding = violated.first, let answer = finding.answers.first(where: { $0.verdict == .fail }) {
            return [
                .literal(finding.use), .words(" violated on "), .literal(answer.target), .words(": "),
                .foreign(answer.detail),
            ] + rest
        }
        if let miss = missed.first {
            var spans: [RichText.Span] = [.literal(miss.that), .words(" missed on "), .literal(miss.target)]
            if let phase = miss.phase { spans += [.words(" in phase "), .literal(phase)] }
            let measured = miss.measured.map { "measured \(QuantityText.text($0.value, unit: $0.unit))" }
            return spans + [.words(": \(measured ?? "nothing was measured")")] + rest
        }
        if let row = regressions?.first(where: \.isBlocking) {
            return [
                .words("differs from the baseline: "), .foreign(row.headline), .words(" on "), .literal(row.target),
            ]
        }
        return seedReason ?? [.words("no failed check is recorded; see the notes")]
    }

    /// What went wrong under the first seed of those that failed.
    private var seedReason: [RichText.Span]? {
        guard let summary = seeds?.first(where: { $0.failed > 0 }), let report = summary.reports.first else {
            return nil
        }
        let head: [RichText.Span] = [
            .literal(summary.target),
            .words(
                " failed under \(summary.failed) of \(PlainText.counted(summary.tried, "seed")), first \(report.seed): "
            ),
        ]
        if let violation = report.violations.first {
            return head + [.literal(violation.use), .words(": "), .foreign(violation.detail)]
        }
        return report.misses.first.map { head + [.literal($0.that), .words(": measured \($0.measuredText)")] } ?? head
    }

    private var inconclusiveReason: [RichText.Span] {
        if let open = expectations.first(where: { $0.verdict == .inconclusive }) {
            return [
                .literal(open.that), .words(" could not be judged on "), .literal(open.target),
                .words(open.detail == nil ? "" : ": "), .foreign(open.detail ?? ""),
            ]
        }
        return validityReason(.inconclusive, otherwise: "the checks could not be judged")
    }

    private func validityReason(_ verdict: Verdict, otherwise: String) -> [RichText.Span] {
        let affected = runs.filter { $0.validity.verdict == verdict }
        guard let first = affected.first, let reason = first.validity.reasons.first else {
            return [(objections?.first).map { .foreign($0) } ?? .words(otherwise)]
        }
        let further = affected.count - 1
        return [.foreign(reason), .words(" (on "), .literal(first.target)]
            + [.words(further == 0 ? ")" : " and in \(PlainText.counted(further, "further run")))")]
    }
}

extension Verdict {
    /// The word that a verdict line begins with.
    var headword: String { rawValue.uppercased() }
}
