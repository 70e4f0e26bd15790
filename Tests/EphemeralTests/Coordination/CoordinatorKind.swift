import Ephemeral
import EphemeralTesting

/// The kinds of coordinator, for what holds for all of them.
enum CoordinatorKind: CaseIterable {
    case work, keyed, result, priority, keyedPriority

    typealias Body = @Sendable (_ item: Int, _ context: OperationContext) async throws -> Void

    /// A coordinator behind what all kinds have.
    struct Made: Sendable {
        let coordinator: any ControlledCoordinator
        let tryEnqueue: @Sendable (_ item: Int) -> Bool
        let enqueue: @Sendable (_ item: Int) async throws -> Void
    }

    /// Makes a coordinator of this kind; every item has a key of its own.
    func make(_ options: EphemeralOptions, body: @escaping Body) throws -> Made {
        switch self {
        case .work:
            let made = try WorkCoordinator<Int>(options: options, body: body)
            return Made(coordinator: made) {
                made.tryEnqueue($0)
            } enqueue: {
                try await made.enqueue($0)
            }
        case .keyed:
            let made = try KeyedWorkCoordinator<Int, Int>(options: options, key: { $0 }, body: body)
            return Made(coordinator: made) {
                made.tryEnqueue($0)
            } enqueue: {
                try await made.enqueue($0)
            }
        case .result:
            let made = try ResultCoordinator<Int, Int>(options: options) { item, context in
                try await body(item, context)
                return item
            }
            return Made(coordinator: made) {
                made.tryEnqueue($0) != nil
            } enqueue: {
                try await made.enqueue($0)
            }
        case .priority:
            let made = try PriorityWorkCoordinator<Int>(options: options, body: body)
            return Made(coordinator: made) {
                (try? made.tryEnqueue($0)) == true
            } enqueue: {
                try await made.enqueue($0)
            }
        case .keyedPriority:
            let made = try KeyedPriorityWorkCoordinator<Int, Int>(options: options, key: { $0 }, body: body)
            return Made(coordinator: made) {
                (try? made.tryEnqueue($0)) == true
            } enqueue: {
                try await made.enqueue($0)
            }
        }
    }
}
