internal import Dispatch
internal import Foundation
internal import HarnessKit
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
        /// How often somebody waited, which numbers the waits.
        var waits = 0

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
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let wait = begin(continuation)
            timer.setEventHandler { [self] in expire(wait) }
            timer.resume()
        }
    }

    /// Begins to wait for a line, or answers at once.
    ///
    /// - Returns: The number of the wait.
    func begin(_ waiter: CheckedContinuation<Answer, Never>) -> Int {
        let (wait, answer) = state.withLock { state -> (Int, Answer?) in
            state.waits += 1
            let answer = state.next()
            if answer == nil { state.waiter = waiter }
            return (state.waits, answer)
        }
        if let answer { waiter.resume(returning: answer) }
        return wait
    }

    /// Ends a wait without a line, unless it has ended.
    ///
    /// A timer may run while its wait is answered; it must not end the one that comes next.
    func expire(_ wait: Int) {
        state.withLock { $0.waits == wait ? $0.waiter.take() : nil }?.resume(returning: .late)
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

extension TextTail {
    /// The last lines, separated by bars; empty when there are none.
    func lastLines(_ count: Int) -> String {
        let lines = lines.map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.filter { !$0.isEmpty }.suffix(count).map { String($0.prefix(300)) }.joined(separator: " | ")
    }
}
