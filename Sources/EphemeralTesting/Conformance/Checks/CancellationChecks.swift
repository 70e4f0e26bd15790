internal import Ephemeral

/// `cancel()` and `shutdown()`.
enum CancellationChecks {
    static let all = [
        cancelDropsTheQueue, cancelledBodies, completedBodies, failedBodies, cancelIsIdempotent, cancelEndsAPause,
        shutdownJoins, shutdownIsNotShortened, shutdownOfNothing,
    ]

    static let cancelDropsTheQueue = ConformanceCheck(
        "cancelAccountsForWhatWasQueued",
        "Queued items do not start after cancel(); they count and show as cancelled, not as failed."
    ) { stage in
        let subject = try stage.stubborn()
        let coordinator = subject.coordinator
        try stage.enqueue(1...4, to: subject)
        coordinator.cancel()
        try stage.require(coordinator.stats.pending, is: 0, "queued items after cancel()")
        try stage.require(coordinator.stats.cancelled, is: 3, "cancelled operations")
        try stage.requireConsistency(coordinator)
        try stage.open()
        try stage.require(stage.starts.elements, is: [1], "started items")
        try stage.require(coordinator.stats.failed, is: 0, "failed operations")
        let dropped = coordinator.operations(in: .cancelled)
        try stage.require(dropped.count, is: 3, "operations shown as cancelled")
        try stage.require(
            dropped.allSatisfy { $0.startedAt == nil && $0.completedAt != nil && $0.error == nil },
            "an item that never started is shown with a start or an error, or without an end"
        )
    }

    static let cancelledBodies = ConformanceCheck(
        "aBodyThatGivesInToCancellationIsCancelled",
        "cancel() cancels the tasks of bodies; one that answers with CancellationError counts as cancelled."
    ) { stage in
        let subject = try stage.subject(2)
        try stage.enqueue(1...2, to: subject)
        subject.coordinator.cancel()
        try stage.run()
        try stage.require(stage.ends.count, is: 2, "bodies that were told of the cancellation")
        try stage.require(subject.coordinator.stats.cancelled, is: 2, "cancelled operations")
        try stage.require(subject.coordinator.stats.failed, is: 0, "failed operations")
        let outcomes = subject.coordinator.snapshot().map(\.outcome.name)
        try stage.require(outcomes, is: ["cancelled", "cancelled"], "outcomes shown")
        try stage.require(subject.coordinator.isDrained, "it is not drained")
    }

    static let completedBodies = ConformanceCheck(
        "aBodyThatReturnsAfterCancelIsCompleted",
        "A body that ends normally after cancel() counts as completed."
    ) { stage in
        let subject = try stage.stubborn()
        try stage.enqueue([1], to: subject)
        subject.coordinator.cancel()
        try stage.open()
        try stage.require(subject.coordinator.stats.completed, is: 1, "completed operations")
        try stage.require(subject.coordinator.stats.cancelled, is: 0, "cancelled operations")
    }

    static let failedBodies = ConformanceCheck(
        "aBodyThatFailsAfterCancelHasFailed",
        "A body that throws anything but CancellationError after cancel() counts as failed."
    ) { stage in
        let subject = try stage.subjectRunning { [gate = stage.gate] item in
            do { try await gate.wait() } catch { throw BodyFailure(item: item) }
        }
        try stage.enqueue([1], to: subject)
        subject.coordinator.cancel()
        try stage.run()
        try stage.require(subject.coordinator.stats.failed, is: 1, "failed operations")
        try stage.require(subject.coordinator.stats.cancelled, is: 0, "cancelled operations")
    }

    static let cancelIsIdempotent = ConformanceCheck(
        "cancelIsIdempotentAndCloses",
        "cancel() closes the intake, and calling it again changes nothing."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue(1...3, to: subject)
        subject.coordinator.cancel()
        try stage.require(subject.coordinator.isFinished, "the intake is open after cancel()")
        try stage.run()
        let before = subject.coordinator.stats
        subject.coordinator.cancel()
        try stage.run()
        try stage.require(subject.coordinator.stats, is: before, "counters after the second cancel()")
    }

    static let cancelEndsAPause = ConformanceCheck(
        "cancelOfAPausedCoordinatorLeavesNothing",
        "cancel() drops what a pause held back, so that a drain ends."
    ) { stage in
        let subject = try stage.subject()
        subject.coordinator.pause()
        try stage.enqueue(1...2, to: subject)
        let drain = try stage.call { try await subject.coordinator.drain() }
        subject.coordinator.cancel()
        try stage.run()
        try stage.require(drain.hasSucceeded, "a drain: \(drain)")
        try stage.require(subject.coordinator.stats.cancelled, is: 2, "cancelled operations")
        try stage.require(stage.starts.elements, is: [], "started items")
    }

    static let shutdownJoins = ConformanceCheck(
        "shutdownWaitsForBodies",
        "shutdown() cancels, and returns to all its callers when the last body has ended."
    ) { stage in
        let subject = try stage.stubborn(2)
        try stage.enqueue(1...3, to: subject)
        let shutdowns = try (1...2).map { _ in try stage.call { await subject.coordinator.shutdown() } }
        try stage.require(subject.coordinator.stats.cancelled, is: 1, "cancelled items of the queue")
        try stage.release()
        try stage.require(shutdowns.allSatisfy(\.isSuspended), "shutdown() returned while a body was running")
        try stage.open()
        try stage.require(shutdowns.allSatisfy(\.hasSucceeded), "the end of the last body did not end all shutdowns")
        try stage.require(subject.coordinator.stats.active, is: 0, "running bodies")
        let late = try stage.call { await subject.coordinator.shutdown() }
        try stage.require(late.hasSucceeded, "another shutdown: \(late)")
    }

    static let shutdownIsNotShortened = ConformanceCheck(
        "cancellationDoesNotShortenAShutdown",
        "Cancelling the task that shuts down does not end its wait for bodies."
    ) { stage in
        let subject = try stage.stubborn()
        try stage.enqueue([1], to: subject)
        let shutdown = try stage.call { await subject.coordinator.shutdown() }
        shutdown.task.cancel()
        try stage.run()
        try stage.require(shutdown.isSuspended, "a body still ran: \(shutdown)")
        try stage.open()
        try stage.require(shutdown.hasSucceeded, "after the last body: \(shutdown)")
    }

    static let shutdownOfNothing = ConformanceCheck(
        "shutdownOfAnUnusedCoordinatorReturns",
        "shutdown() returns at once when nothing was ever accepted."
    ) { stage in
        let subject = try stage.subject()
        let shutdown = try stage.call { await subject.coordinator.shutdown() }
        try stage.require(shutdown.hasSucceeded, "\(shutdown)")
        try stage.require(subject.coordinator.isDrained, "it is not drained")
    }
}
