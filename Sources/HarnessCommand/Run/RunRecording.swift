internal import Foundation
internal import HarnessKit

/// What a run folder holds of its runs' histories.
struct RunRecording {
    /// One run whose history was recorded.
    struct Run {
        /// The name of its files, without what tells them apart.
        fileprivate var name: String
        var evidence: RecordedEvidence
    }

    /// The folder of histories within a run folder.
    static let histories = "history"
    static let evidenceSuffix = ".evidence.json"
    static let eventsSuffix = ".jsonl"

    /// The runs in the order of their files' names.
    let runs: [Run]
    private let folder: URL
    private let scenario: Scenario

    /// Reads everything but the events.
    ///
    /// - Throws: ``RunRecordingError`` naming the file and the mend.
    init(folder path: String, registry: PluginRegistry) throws(RunRecordingError) {
        let root = URL(fileURLWithPath: path)
        let resolved = root.appending(path: "scenario.resolved.json").path
        guard FileManager.default.fileExists(atPath: resolved) else {
            throw RunRecordingError(message: "\(path) is no run folder: it has no scenario.resolved.json")
        }
        let reading = ScenarioFile.read(
            text: Self.judgedPart(at: resolved),
            path: resolved,
            registry: registry
        )
        guard let scenario = reading.scenario else {
            let problem = reading.problems.first.map { "\($0)" } ?? resolved
            throw RunRecordingError(message: "this version cannot read the scenario of the run: \(problem)")
        }
        self.scenario = scenario
        folder = root.appending(path: Self.histories)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var runs: [Run] = []
        for file in files.filter({ $0.hasSuffix(Self.evidenceSuffix) }).sorted() {
            do {
                let data = try Data(contentsOf: folder.appending(path: file))
                let evidence = try JSONDecoder().decode(RecordedEvidence.self, from: data)
                runs.append(Run(name: String(file.dropLast(Self.evidenceSuffix.count)), evidence: evidence))
            } catch {
                throw RunRecordingError(message: "\(folder.path)/\(file) cannot be read: \(error)")
            }
        }
        guard !runs.isEmpty else {
            throw RunRecordingError(
                message: "\(path) holds no history; run the scenario again with \"record\": \"history\""
            )
        }
        self.runs = runs
    }

    /// A resolved scenario without its variables, to which nothing refers any more, and without its comparison, which is of
    /// several runs.
    private static func judgedPart(at path: String) -> String {
        let text = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
        guard case .object(var object)? = try? JSONDecoder().decode(JSONValue.self, from: text) else {
            return String(decoding: text, as: UTF8.self)
        }
        object.members.removeAll { $0.name == "vars" || $0.name == "compare" }
        return JSONValue.object(object).canonicalText
    }

    /// Judges a run anew.
    func replay(_ run: Run, registry: PluginRegistry) -> HistoryReplay {
        let lines = (try? Data(contentsOf: folder.appending(path: run.name + Self.eventsSuffix))) ?? Data()
        return HistoryReplay(run.evidence, lines: lines, scenario: scenario, registry: registry)
    }
}

/// A run folder cannot be replayed.
struct RunRecordingError: Error, CustomStringConvertible {
    /// What is missing, and how to mend it.
    var message: String

    var description: String { message }
}
