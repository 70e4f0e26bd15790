package import Ephemeral
package import EphemeralTime
internal import Synchronization

/// When a state machine wants to be called, or that it no longer does.
///
/// Orders are carried out after the lock is released, where one thread may overtake another; the last one given holds.
package struct AlarmOrder: Sendable, Equatable {
    package let number: UInt64
    /// `nil` takes the former order back.
    package let due: ContinuousClock.Instant?
}

/// Calls somebody at an instant: one call is pending at a time, and none while nothing is ordered.
package final class Alarm: Sendable {
    private let name: String
    private let time: any TimeSource
    private let spawner: TaskSpawner
    private let pending = Mutex<(order: UInt64, task: Task<Void, Never>?)>((0, nil))

    package init(_ name: String, time: any TimeSource, spawner: TaskSpawner) {
        self.name = name
        self.time = time
        self.spawner = spawner
    }

    deinit { replace(nil, order: .max) }

    /// Puts an order in the place of the former one.
    ///
    /// - Parameters:
    ///   - order: The order.
    ///   - ring: What is called when it is due, with the number of the order.
    package func carryOut(_ order: AlarmOrder, ring: @escaping @Sendable (_ number: UInt64) -> Void) {
        let task = order.due.map { due in
            spawner.spawn(name) { [time] in
                do { try await time.sleep(until: due) } catch { return }
                ring(order.number)
            }
        }
        replace(task, order: order.number)
    }

    private func replace(_ task: Task<Void, Never>?, order: UInt64) {
        let superseded = pending.withLock { pending in
            guard order > pending.order else { return task }
            defer { pending = (order, task) }
            return pending.task
        }
        superseded?.cancel()
    }
}

/// The part of a state machine that gives orders.
package struct AlarmOrders: Sendable {
    package private(set) var current: AlarmOrder?
    private var last: UInt64 = 0

    package init() {}

    /// An order for this instant, or to take the former one back; `nil` when the present one is right.
    package mutating func set(_ due: ContinuousClock.Instant?) -> AlarmOrder? {
        guard due != current?.due else { return nil }
        last += 1
        let order = AlarmOrder(number: last, due: due)
        current = due == nil ? nil : order
        return order
    }

    /// An alarm rings.
    ///
    /// - Returns: Whether it is the one that was ordered last.
    package mutating func hasRung(_ number: UInt64) -> Bool {
        guard current?.number == number else { return false }
        current = nil
        return true
    }
}
