internal import DequeModule
internal import Ephemeral

/// Callers that wait, in the order in which they came, each with what it waits for or brings.
package struct WaitingLine<Value: Sendable>: Sendable {
    package typealias Continuation = CheckedContinuation<Void, any Error>

    package struct Caller: Sendable {
        package let id: UInt64
        package let value: Value
        package let continuation: Continuation
    }

    private var callers: Deque<Caller> = []
    private var cancelledEarly = EarlyCancellations()
    private var lastCaller: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { callers.isEmpty }
    package var first: Caller? { callers.first }

    package func contains(where isMeant: (Value) -> Bool) -> Bool { callers.contains { isMeant($0.value) } }

    /// A number for a caller that is about to wait.
    package mutating func nextCaller() -> UInt64 {
        lastCaller += 1
        return lastCaller
    }

    /// Puts a caller at the end; one whose cancellation came first is not taken.
    package mutating func add(_ id: UInt64, _ value: Value, _ continuation: Continuation) -> Bool {
        if cancelledEarly.take(id) { return false }
        callers.append(Caller(id: id, value: value, continuation: continuation))
        return true
    }

    /// Takes a caller out because its task was cancelled, or remembers that before it registers.
    package mutating func cancel(_ id: UInt64) -> Caller? {
        guard let index = callers.firstIndex(where: { $0.id == id }) else {
            cancelledEarly.note(id)
            return nil
        }
        return callers.remove(at: index)
    }

    /// Forgets a number whose wait is over.
    package mutating func forget(_ id: UInt64) { cancelledEarly.forget(id) }

    package mutating func popFirst() -> Caller? { callers.popFirst() }

    /// Takes out the first caller that is meant.
    package mutating func popFirst(where isMeant: (Value) -> Bool) -> Caller? {
        callers.firstIndex { isMeant($0.value) }.map { callers.remove(at: $0) }
    }

    /// Puts a caller back in the place that its number says.
    package mutating func putBack(_ caller: Caller) {
        callers.insert(caller, at: callers.firstIndex { $0.id > caller.id } ?? callers.endIndex)
    }

    /// Takes out everybody who waits for something that is there.
    package mutating func take(where isMet: (Value) -> Bool = { _ in true }) -> [Caller] {
        guard !callers.isEmpty else { return [] }
        let ready = callers.filter { isMet($0.value) }
        if !ready.isEmpty { callers.removeAll { isMet($0.value) } }
        return Array(ready)
    }
}
