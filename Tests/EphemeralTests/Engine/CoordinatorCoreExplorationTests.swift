import EphemeralTime
import Testing

@testable import Ephemeral

/// Every sequence of events up to a length, on the pure machine.
@Suite(.timeLimit(.minutes(1)))
struct CoordinatorCoreExplorationTests {
    private enum Event: CaseIterable {
        case arrive, wake, turn, end, pause, resume, grow, shrink, finish, cancel
    }

    private struct Model {
        var core = CoordinatorCore(
            limit: 2,
            queueCapacity: nil,
            window: OperationWindow(capacity: 2, lifetime: nil, reportsEvictions: false),
            gate: StartGate(allowance: nil)
        )
        /// Workers on their way to ask for work, and those that run an operation.
        var arriving: [Int] = []
        var running: [Int] = []
        var highestLimit = 2
        let now = Timestamp(nanoseconds: 5)

        mutating func apply(_ event: Event) {
            switch event {
            case .arrive: if core.lifecycle == .open { core.accept(1) }
            case .wake: if case .spawn(let slot) = core.wakeUp(now: now) { arriving.append(slot) }
            case .turn: turn(finished: nil, from: \.arriving)
            case .end: turn(finished: .completed, from: \.running)
            case .pause: core.isPaused = true
            case .resume: core.isPaused = false
            case .grow:
                core.limit = 3
                highestLimit = 3
            case .shrink: core.limit = 1
            case .finish: if core.lifecycle == .open { core.lifecycle = .finished }
            case .cancel:
                core.lifecycle = .cancelled
                while core.pending > 0 {
                    var effects: Effects?
                    core.discard(ticket, skippedBy: nil, now: now, &effects)
                }
            }
        }

        private var ticket: Ticket { Ticket(id: OperationID(rawValue: 1), enqueuedAt: now) }

        private mutating func turn(finished: BodyOutcome?, from origin: WritableKeyPath<Model, [Int]>) {
            guard let slot = self[keyPath: origin].popLast() else { return }
            var effects: Effects?
            core.workerReturned(slot: slot, hasArrived: finished == nil, finished: finished, now: now, &effects)
            let head = core.pending > 0 ? ticket : nil
            let mayStart = !core.isPaused && core.lifecycle != .cancelled
            switch core.nextStep(slot: slot, head: head, now: now, &effects) {
            case .run:
                #expect(mayStart && core.active <= core.limit)
                running.append(slot)
            case .hover:
                #expect(core.active > 0)
                arriving.append(slot)
            case .retire, .park, .refill: break
            }
        }

        var isConsistent: Bool {
            let stats = core.stats
            let parts = [stats.pending, stats.active, stats.completed, stats.failed, stats.cancelled]
            return parts.allSatisfy { $0 >= 0 } && parts.reduce(0, +) == stats.enqueued
                && stats.active == running.count && stats.active <= highestLimit && core.workers >= stats.active
                && core.window.count <= 2
        }
    }

    @Test func noSequenceOfEventsBreaksTheAccountingOrTheLimit() {
        var visited = 0
        func explore(_ model: Model, depth: Int) {
            visited += 1
            guard model.isConsistent else {
                Issue.record("inconsistent: \(model.core.stats), \(model.running.count) running")
                return
            }
            guard depth > 0 else { return }
            for event in Event.allCases {
                var next = model
                next.apply(event)
                explore(next, depth: depth - 1)
            }
        }
        var busy = Model()
        for event in [Event.arrive, .arrive, .arrive, .wake, .turn, .wake, .turn] { busy.apply(event) }
        #expect(busy.running.count == 2)
        explore(Model(), depth: 4)
        explore(busy, depth: 4)
        #expect(visited == 2 * 11_111)
    }
}
