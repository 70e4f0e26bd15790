internal import ArgumentParser
internal import HarnessKit
internal import HarnessReports

/// The formats of `--format`.
enum FormatList {
    /// Reads a list of format ids.
    ///
    /// - Throws: `ValidationError` naming the first unknown format and those that exist.
    static func parse(_ list: String) throws -> [any ReportRenderer.Type] {
        try words(of: list).map { id in
            guard let format = ReportFormats.format(id) else {
                let known = ReportFormats.all.map { $0.id }.joined(separator: ", ")
                throw ValidationError("There is no report format '\(id)'; take some of \(known).")
            }
            return format
        }
    }
}

/// The verdicts of `--fail-on`.
enum VerdictList {
    /// Reads a list of verdicts.
    ///
    /// - Throws: `ValidationError` naming the first unknown verdict and those that exist.
    static func parse(_ list: String) throws -> Set<Verdict> {
        Set(
            try words(of: list).map { word in
                guard let verdict = Verdict(rawValue: word), verdict != .pass else {
                    throw ValidationError("--fail-on takes fail, invalid and inconclusive, not '\(word)'.")
                }
                return verdict
            }
        )
    }
}

private func words(of list: String) -> [String] {
    list.split(separator: ",").map { word in
        String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
}

extension HarnessExit {
    /// The exit code of a run of several scenarios.
    ///
    /// - Parameters:
    ///   - results: The results.
    ///   - failing: The verdicts that count; an interruption always does.
    init(_ results: [RunResult], failingOn failing: Set<Verdict>) {
        let statuses = results.map { result -> ExitStatus in
            let status = ExitStatus(result)
            return failing.contains(result.verdict) || status == .interrupted ? status : .pass
        }
        self = HarnessExit(rawValue: ExitStatus.gravest(of: statuses).rawValue) ?? .invalid
    }
}
