internal import FoundationEssentials
internal import HarnessKit

/// The files that hold one run's history in a run folder.
enum HistoryFiles {
    /// A run's history and what invariants look at beside it; no files where no history was recorded.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - limit: The most events that are written.
    /// - Returns: Names inside the run folder and contents.
    static func files(of run: FinishedRun, limit: Int) -> [(name: String, bytes: [UInt8])] {
        guard let history = run.history, let evidence = RecordedEvidence(run) else { return [] }
        let number = run.identity.clock == .virtual ? "virtual" : "\(run.identity.repetition + 1)"
        let name = "\(RunRecording.histories)/\(run.target.id)-\(number)"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Encoding plain numbers and strings to memory has no way to fail.
        let bytes = (try? encoder.encode(evidence)).map { Array($0) } ?? []
        return [
            (name + RunRecording.eventsSuffix, HistoryLines(history).bytes(limit: limit)),
            (name + RunRecording.evidenceSuffix, bytes + Array("\n".utf8)),
        ]
    }
}
