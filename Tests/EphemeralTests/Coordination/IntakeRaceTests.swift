import EphemeralTesting
import EphemeralTime
import Synchronization
import Testing

@testable import Ephemeral

/// Arrivals in the middle of an event: the clock is read between the two looks that an event takes at the intake.
@Suite(.timeLimit(.minutes(1)))
struct IntakeRaceTests {
    let stage = Stage()
    let time = InterruptedTimeSource()

    private var options: EphemeralOptions {
        var options = stage.options()
        options.time = time
        options.queueCapacity = 2
        return options
    }

    @Test func anArrivalBesideOneThatIsLookedAtDoesNotExceedTheCapacity() throws {
        let coordinator = try WorkCoordinator<Int>(options: options) { [gate = stage.gate] _ in try await gate.wait() }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.tryEnqueue(2))
        let admissions = Journal<String>()
        time.interrupt(atReading: 3) {
            let entry = QueueEntry<Int, Unrouted>(item: 4, route: Unrouted(), ticket: coordinator.engine.base.ticket())
            admissions.record("\(coordinator.engine.intake.withLock { $0.append(entry) })")
        }
        #expect(coordinator.tryEnqueue(3))
        #expect(admissions.elements == ["unclear"])
        #expect(coordinator.stats.pending == 2)
        stage.open()
        #expect(coordinator.stats.completed == 3)
    }

    @Test func whoWaitsForTheEndWaitsForWhatArrivedWhileTheIntakeClosed() throws {
        let coordinator = try WorkCoordinator<Int>(options: options)
        coordinator.pause()
        let process = stage.call { [starts = stage.starts] in
            try await coordinator.process { item, _ in starts.record(item) }
        }
        let arrivals = Journal<Bool>()
        time.interrupt(atReading: 2) { arrivals.record(coordinator.tryEnqueue(1)) }
        coordinator.finish()
        stage.run()
        #expect(arrivals.count == 1)
        let wasTaken = arrivals.elements == [true]
        #expect(process.hasSucceeded == !wasTaken)
        coordinator.resume()
        stage.run()
        #expect(process.hasSucceeded)
        #expect(stage.starts.count == (wasTaken ? 1 : 0))
    }
}
