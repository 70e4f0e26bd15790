internal import Dispatch
internal import Foundation
internal import HarnessKit

/// A build's process that is asked for runs, one after another.
final class GateConversation: Sendable {
    private let side: GateSide
    /// The build's file.
    private let executable: String
    private let process: WorkerHandle
    /// How long an answer may take, beside the time that a run is planned to.
    private let patience: DispatchTimeInterval

    /// What a process said first, or why it said nothing.
    enum Greeting: Sendable {
        case hello(GateHello)
        /// It broke down or hung.
        case failure(GateFailure)
    }

    /// Starts the process.
    ///
    /// - Throws: ``GateError`` naming the executable and the reason.
    init(
        side: GateSide,
        executable: String,
        arguments: [String],
        patience: DispatchTimeInterval
    ) throws(GateError) {
        self.side = side
        self.executable = executable
        self.patience = patience
        do {
            process = try WorkerHandle(executable: executable, arguments: arguments)
        } catch {
            throw GateError(
                "the \(side.rawValue) executable \(executable) cannot be started: \(error.localizedDescription)",
                side: side
            )
        }
    }

    /// Reads what the process says of itself.
    ///
    /// - Throws: ``GateError`` for a program that does not know the gate, or knows another version of it.
    func hello() async throws(GateError) -> Greeting {
        switch await process.lines.next(within: patience) {
        case .late: return .failure(late(patience))
        case .line(let line): return .hello(try hello(line))
        case .closed:
            let ending = process.waitUntilExit()
            guard ending?.isCrash != true else { return .failure(ended(ending)) }
            throw GateError(
                "the \(side.rawValue) executable \(executable) ended before it answered; if it is older than 'harness "
                    + "gate', compare with a later base\(lastWords)",
                side: side
            )
        }
    }

    private func hello(_ line: Data) throws(GateError) -> GateHello {
        struct Version: Decodable { var version: Int }
        if let spoken = try? JSONLine.decode(Version.self, from: line), spoken.version != GateHello.version {
            throw GateError(
                "the \(side.rawValue) executable speaks version \(spoken.version) of the gate's messages and this one "
                    + "\(GateHello.version); they cannot be compared",
                side: side
            )
        }
        do {
            return try JSONLine.decode(GateHello.self, from: line)
        } catch {
            throw GateError(
                "the \(side.rawValue) executable said '\(Self.excerpt(line))'; it does not know the gate: build it from a "
                    + "revision that has 'harness gate'",
                side: side
            )
        }
    }

    /// Has the process make one run.
    ///
    /// A search takes as long as it has trials: each of them has the time of a run.
    ///
    /// - Parameters:
    ///   - request: What to run.
    ///   - seconds: How long the run is planned to take, or each trial of a search.
    /// - Returns: What came of it.
    /// - Throws: ``GateFailure`` when the process broke down, hung, or said something else.
    func run(_ request: GateRequest, seconds: Double) async throws(GateFailure) -> ExactRecord {
        let limit = patience.extended(by: seconds)
        do {
            try process.write(try JSONLine.encode(request) + "\n")
        } catch {
            throw ended(process.waitUntilExit())
        }
        switch await Self.answer(within: limit, next: process.lines.next) {
        case .late: throw late(limit)
        case .closed: throw ended(process.waitUntilExit())
        case .line(let line): return try record(line)
        }
    }

    /// What follows the trials of a search, or comes first where there are none; each line has the same time.
    static func answer(
        within limit: DispatchTimeInterval,
        next: (_ limit: DispatchTimeInterval) async -> LineInbox.Answer
    ) async -> LineInbox.Answer {
        while true {
            let answer = await next(limit)
            guard case .line(let line) = answer, (try? JSONLine.decode(GateTrial.self, from: line)) != nil else {
                return answer
            }
        }
    }

    private func record(_ line: Data) throws(GateFailure) -> ExactRecord {
        do {
            return try JSONLine.decode(ExactRecord.self, from: line)
        } catch {
            throw GateFailure(side: side, reason: "said '\(Self.excerpt(line))', which is no run\(lastWords)")
        }
    }

    /// Ends the process and waits for its end.
    func end() { process.end() }

    private func late(_ limit: DispatchTimeInterval) -> GateFailure {
        process.kill()
        return GateFailure(side: side, reason: "did not answer within \(limit.text) and was killed\(lastWords)")
    }

    private func ended(_ ending: WorkerHandle.Ending?) -> GateFailure {
        GateFailure(side: side, reason: (ending?.text ?? "closed its output") + " before it answered" + lastWords)
    }

    private var lastWords: String {
        let lines = process.errors.lastLines(3)
        return lines.isEmpty ? "" : "; its last words: \(lines)"
    }

    private static func excerpt(_ line: Data) -> String {
        String(decoding: line.prefix(200), as: UTF8.self)
    }
}

extension DispatchTimeInterval {
    /// The interval and so many seconds.
    fileprivate func extended(by seconds: Double) -> DispatchTimeInterval {
        let further = Int(min(max(0, seconds), 1e9) * 1000)
        return .milliseconds(milliseconds + further)
    }

    fileprivate var text: String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }

    private var milliseconds: Int {
        switch self {
        case .seconds(let count): count * 1000
        case .milliseconds(let count): count
        case .microseconds(let count): count / 1000
        case .nanoseconds(let count): count / 1_000_000
        case .never: 1_000_000_000
        @unknown default: 1_000_000_000
        }
    }
}

/// Two builds cannot be compared.
struct GateError: Error, CustomStringConvertible {
    /// What is wrong, and the mend.
    var description: String
    /// The build whose fault it is; `nil` when it is that of neither or of both.
    var side: GateSide?

    init(_ description: String, side: GateSide? = nil) {
        self.description = description
        self.side = side
    }
}
