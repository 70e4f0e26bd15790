internal import Synchronization

/// Whom to tell of a limit, where that is known only after the limit's desk.
final class LateLimit: Sendable {
    private let apply = Mutex<(@Sendable (_ limit: Int) -> Void)?>(nil)

    func connect(_ apply: @escaping @Sendable (_ limit: Int) -> Void) { self.apply.withLock { $0 = apply } }

    func set(_ limit: Int) {
        let apply = apply.withLock { $0 }
        apply?(limit)
    }
}
