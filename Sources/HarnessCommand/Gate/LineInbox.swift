internal import Dispatch
internal import Foundation
internal import Synchronization

/// Lines that a thread reads and a task waits for, one after another.
final class LineInbox: Sendable {
    /// What waiting came to.
    enum Answer: Sendable, Equatable {
        case line(Data)
        /// Whoever wrote has ended.
        case closed
        /// There was no line in time.
        case late
    }

    private struct State {
        var splitter = LineSplitter()
        var lines: [Data] = []
        var isClosed = false
        var waiter: CheckedContinuation<Answer, Never>?

        /// The next answer, unless it has to be waited for.
        mutating func next() -> Answer? {
            if !lines.isEmpty { return .line(lines.removeFirst()) }
            return isClosed ? .closed : nil
        }
    }

    /// A line as long as this is none that a build would send.
    private static let lineLimit = 4 << 20
    /// More lines than this nobody asked for.
    private static let countLimit = 1000
    private let state = Mutex(State())

    /// Adds what came.
    func append(_ data: Data) {
        change { state in
            guard state.lines.count < Self.countLimit else { return }
            state.lines += state.splitter.append(data)
            if state.splitter.pendingCount > Self.lineLimit { state.lines.append(state.splitter.takePending()) }
        }
    }

    /// Says that nothing comes any more.
    func close() {
        change { $0.isClosed = true }
    }

    /// Waits for a line; only one task at a time does.
    ///
    /// - Parameter limit: How long.
    /// - Returns: The next line, or why there is none.
    func next(within limit: DispatchTimeInterval) async -> Answer {
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + limit)
        timer.setEventHandler { [self] in state.withLock { $0.waiter.take() }?.resume(returning: .late) }
        timer.resume()
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Answer? in
                let answer = state.next()
                if answer == nil { state.waiter = continuation }
                return answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let (waiter, answer) = state.withLock { state -> (CheckedContinuation<Answer, Never>?, Answer?) in
            body(&state)
            guard state.waiter != nil, let answer = state.next() else { return (nil, nil) }
            return (state.waiter.take(), answer)
        }
        if let answer { waiter?.resume(returning: answer) }
    }
}

/// The end of a text that is too long to be kept.
final class TextTail: Sendable {
    private static let limit = 4096
    private let bytes = Mutex<[UInt8]>([])

    /// Adds what came.
    func append(_ data: Data) {
        bytes.withLock { bytes in
            bytes += data.suffix(Self.limit)
            bytes.removeFirst(max(0, bytes.count - Self.limit))
        }
    }

    /// The last lines, separated by bars; empty when there are none.
    func lastLines(_ count: Int) -> String {
        let text = bytes.withLock { String(decoding: $0, as: UTF8.self) }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.filter { !$0.isEmpty }.suffix(count).map { String($0.prefix(300)) }.joined(separator: " | ")
    }
}
