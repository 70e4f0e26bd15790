internal import Synchronization

/// One who is told of something, and whether still: a delivery that is under way when the subscription ends looks here.
final class SignalListener<Value>: Sendable {
    private let handler: @Sendable (Value) -> Void
    private let isActive = Atomic(true)

    init(_ handler: @escaping @Sendable (Value) -> Void) {
        self.handler = handler
    }

    func tell(_ value: Value) {
        if isActive.load(ordering: .acquiring) { handler(value) }
    }

    func end() {
        isActive.store(false, ordering: .releasing)
    }
}
