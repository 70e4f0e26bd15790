internal import Dispatch
internal import Foundation
internal import HarnessKit
internal import Synchronization

/// A build's process that is asked for runs, one after another.
final class GateConversation: Sendable {
    /// `base` or `head`.
    let name: String
    /// The build's file.
    let executable: String
    private let process: WorkerHandle
    private let lines = Mutex(LineSplitter())
    private let ready = Mutex<[Data]>([])
    /// How long an answer may take.
    private let limit: DispatchTimeInterval

    /// Starts the process.
    ///
    /// - Throws: ``GateError`` naming the executable and the reason.
    init(
        name: String,
        executable: String,
        arguments: [String],
        limit: DispatchTimeInterval = .seconds(600)
    ) throws(GateError) {
        self.name = name
        self.executable = executable
        self.limit = limit
        do {
            process = try WorkerHandle(executable: executable, arguments: arguments)
        } catch {
            throw GateError("the \(name) executable \(executable) cannot be started: \(error.localizedDescription)")
        }
    }

    /// Reads what the process says of itself.
    func hello() async throws -> GateHello {
        let hello = try await answer(GateHello.self)
        guard hello.version == GateHello.version else {
            throw GateError(
                "the \(name) executable speaks version \(hello.version) of the gate's messages and this one "
                    + "\(GateHello.version); they cannot be compared"
            )
        }
        return hello
    }

    /// Has the process make one run.
    func run(_ request: GateRequest) async throws -> ExactRecord {
        let line = try JSONLine.encode(request)
        do {
            try process.input.write(contentsOf: Data((line + "\n").utf8))
        } catch {
            throw ended()
        }
        return try await answer(ExactRecord.self)
    }

    /// Ends the process and waits for its end.
    func end() {
        try? process.input.close()
        process.waitUntilExit()
    }

    private func answer<Answer: Decodable & Sendable>(_ type: Answer.Type) async throws -> Answer {
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + limit)
        timer.setEventHandler { [process] in process.kill() }
        timer.resume()
        defer { timer.cancel() }
        let line = await withCheckedContinuation { continuation in
            let thread = Thread { [self] in continuation.resume(returning: nextLine()) }
            thread.name = "harness-gate-\(name)"
            thread.start()
        }
        guard let line else { throw ended() }
        do {
            return try JSONLine.decode(type, from: line)
        } catch {
            throw GateError(
                "the \(name) executable said '\(String(decoding: line.prefix(200), as: UTF8.self))'; it does not know "
                    + "the gate: build it from a revision that has 'harness gate'"
            )
        }
    }

    /// Reads until there is a line; `nil` when the output has ended.
    private func nextLine() -> Data? {
        while true {
            if let line = ready.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return line }
            let data = process.output.availableData
            guard !data.isEmpty else { return nil }
            let complete = lines.withLock { $0.append(data) }
            ready.withLock { $0 += complete }
        }
    }

    private func ended() -> GateError {
        GateError(
            "the \(name) executable \(executable) ended before it answered; if it is older than 'harness gate', compare "
                + "with a later base"
        )
    }
}

/// Two builds cannot be compared.
struct GateError: Error, CustomStringConvertible {
    /// What is wrong, and the mend.
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
