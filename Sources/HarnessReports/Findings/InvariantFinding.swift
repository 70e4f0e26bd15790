import HarnessKit

/// What all runs of a result say about one invariant.
struct InvariantFinding {
    /// The answer of one run.
    struct Answer {
        var target: String
        var repetition: Int
        var verdict: InvariantVerdict
        var detail: String
        var counterExample: CounterExample?
    }

    var use: String
    /// Its options in words; empty without any.
    var options: String
    var answers: [Answer]

    var label: String { options.isEmpty ? use : "\(use) (\(options))" }

    /// The worst answer: one violation makes the invariant violated, one unknown among passes leaves it open.
    var verdict: InvariantVerdict {
        if answers.contains(where: { $0.verdict == .fail }) { return .fail }
        return answers.contains { $0.verdict == .unknown } ? .unknown : .pass
    }

    /// The answers of the targets on which the invariant held in every repetition.
    var held: [Answer] {
        let doubtful = Set(answers.filter { $0.verdict != .pass }.map(\.target))
        return answers.filter { !doubtful.contains($0.target) }
    }

    /// The targets of ``held``, each once, in order.
    var heldTargets: [String] {
        var seen: Set<String> = []
        return held.map(\.target).filter { seen.insert($0).inserted }
    }

    /// Violations and unknowns: the first of each target, with the number of repetitions that gave the same verdict.
    var doubts: [(answer: Answer, repetitions: Int)] {
        var doubts: [(answer: Answer, repetitions: Int)] = []
        for answer in answers where answer.verdict != .pass {
            let index = doubts.firstIndex { $0.answer.target == answer.target && $0.answer.verdict == answer.verdict }
            if let index { doubts[index].repetitions += 1 } else { doubts.append((answer, 1)) }
        }
        return doubts
    }

    /// Every invariant of a result, in the order in which its runs name them.
    static func all(in result: RunResult) -> [InvariantFinding] {
        var findings: [InvariantFinding] = []
        for run in result.runs {
            for invariant in run.invariants {
                let options = OptionsText.text(invariant.options)
                let answer = Answer(
                    target: run.target,
                    repetition: run.repetition,
                    verdict: invariant.verdict,
                    detail: invariant.detail,
                    counterExample: invariant.counterExample
                )
                if let index = findings.firstIndex(where: { $0.use == invariant.use && $0.options == options }) {
                    findings[index].answers.append(answer)
                } else {
                    findings.append(InvariantFinding(use: invariant.use, options: options, answers: [answer]))
                }
            }
        }
        return findings
    }
}
