import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Foundation
import Testing

/// The example of the article on a workflow that adapts.
@Suite(.timeLimit(.minutes(1)))
struct AdaptiveWorkflowTests {
    // The example as the article shows it, line by line.
    func processWidgets(
        _ widgets: [String],
        sink: SignalSink,
        primary processPrimary: @escaping PriorityProcessorAtom.Process,
        backup processBackup: @escaping PriorityProcessorAtom.Process
    ) async throws -> CoordinatorStats {
        var options = PriorityProcessorOptions(failureThreshold: 3, maxConcurrency: 4)
        options.failureWindow = .seconds(10)
        options.probeInterval = .seconds(3)
        let primary = try PriorityProcessorAtom(priority: 1, signals: sink, options: options, process: processPrimary)
        let backup = try PriorityProcessorAtom(priority: 2, signals: sink, options: options, process: processBackup)
        for widget in widgets { try await primary.enqueue(widget) }
        // The primary first: while it drains, the backup still takes over from it.
        try await primary.drain()
        try await backup.drain()
        return primary.groupStats
    }

    @Test func widgetsGoToTheBackupWhileThePrimaryFails() async throws {
        let sink = SignalSink(maxCapacity: 5000)
        let processed = Journal<String>()
        let stats = try await processWidgets((0..<100).map { "WIDGET-\($0)" }, sink: sink) { _, _ in
            throw Failure(number: 1)
        } backup: { widget, _ in
            processed.record(widget)
        }
        #expect(stats.enqueued == 100 && stats.completed + stats.failed == 100)
        #expect(Set(processed.elements).count == stats.completed && processed.count == stats.completed)
        // Three decide, and of the four that run at a time as many may have begun before that.
        #expect((3...6).contains(stats.failed))
        #expect(sink.count(.prefix("failover.requested:pri1")) == 1)
    }

    @Test func theArticleShowsTheExampleThatIsTestedHere() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let article = try lines(
            of: root.appending(path: "Sources/EphemeralAtoms/EphemeralAtoms.docc/adaptive-workflow.md")
        )
        let source = try lines(of: URL(filePath: #filePath))
        let begin = try #require(source.firstIndex { $0.hasPrefix("func processWidgets(") })
        let length = try #require(source[begin...].firstIndex { $0 == "return primary.groupStats" }) - begin + 2
        let example = Array(source[begin..<(begin + length)])
        let place = try #require(article.firstIndex(of: example[0]), "the article has no example")
        #expect(Array(article[place...].prefix(length)) == example)
    }

    /// The lines of a file without their indentation.
    private func lines(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
