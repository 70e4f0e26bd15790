import EphemeralTesting
import Foundation
import Processing
import Testing

@testable import HarnessTargets

/// Worker processes that end although nobody has told them to.
@Suite(.timeLimit(.minutes(1)))
struct WorkerFailureTests {
    /// Why a program is no worker.
    private func failure(of program: String) async throws -> ProcessingError {
        let failures = Journal<ProcessingError>()
        let worker = try WorkerProcess(store: "memory:", arguments: [], executable: program, patience: nil) {
            failures.record($0)
        }
        await worker.ended()
        return try #require(failures.elements.first)
    }

    @Test func whatAWorkerSaidAtLastIsInItsError() async throws {
        // The shell takes `jobs` for the name of a file.
        let error = try await failure(of: "/bin/sh")
        #expect(error.message.contains("ended with the status "))
        #expect(error.message.contains("jobs: No such file"))
        #expect(!error.message.contains("HarnessCommand.main"))
    }

    @Test func aWorkerThatSaysNothingMayBeAnExecutableWithoutTheCommand() async throws {
        let error = try await failure(of: "/bin/true")
        #expect(error.message.contains("the status 0 and said nothing"))
        #expect(error.message.contains("HarnessCommand.main with BuiltInTargets.processors"))
    }

    @Test func anOutputThatDoesNotEndIsNoSilence() throws {
        let (tail, pipe) = (OutputTail(), Pipe())
        tail.read(pipe.fileHandleForReading)
        #expect(!tail.waitForEnd(seconds: 0))
        #expect(WorkerProcess.reason(tail.text, isWhole: false).hasPrefix("its output did not end"))
        try pipe.fileHandleForWriting.close()
        #expect(tail.waitForEnd(seconds: nil))
    }

    @Test func whatAnOutputSaidThatDoesNotEndIsShown() {
        #expect(WorkerProcess.reason("oh no", isWhole: false).hasSuffix("it said at last:\noh no"))
    }

    @Test func theLastLinesAreKept() {
        let tail = OutputTail()
        for number in 1...5000 { tail.add("line \(number)\n".utf8) }
        #expect(tail.text == (4991...5000).map { "line \($0)" }.joined(separator: "\n"))
    }

    @Test func aLongLineIsCutAtItsBegin() {
        let tail = OutputTail()
        tail.add((String(repeating: "x", count: 10_000) + "end").utf8)
        #expect(tail.text.count == OutputTail.bytes)
        #expect(tail.text.hasSuffix("xend"))
    }

    @Test func controlCharactersAreLeftOut() {
        let tail = OutputTail()
        tail.add("\u{1B}[31mred\u{1B}[0m\r\n\u{7}bell".utf8)
        #expect(tail.text == "[31mred[0m\nbell")
    }
}
