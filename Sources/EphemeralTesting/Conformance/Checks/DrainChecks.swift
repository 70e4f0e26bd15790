internal import Ephemeral

/// Waiting for the end.
enum DrainChecks {
    static let all = [
        drainWaitsForEverything, drainOfNothing, drainAfterCancel, drainWhilePaused, cancelledDrain, drainTimeout,
        drainInTime, waitUntilIdle, cancelledWait,
    ]

    static let drainWaitsForEverything = ConformanceCheck(
        "drainWaitsForAllWorkAndMayBeCalledByMany",
        "drain() closes the intake and returns, to all its callers, when nothing is queued or running."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue(1...3, to: subject)
        let drains = try (1...3).map { _ in try stage.call { try await subject.coordinator.drain() } }
        try stage.require(subject.coordinator.isFinished, "the intake is open during a drain")
        for ended in 1...3 {
            try stage.require(
                drains.allSatisfy(\.isSuspended),
                "drain() returned after \(ended - 1) of 3 operations"
            )
            try stage.release()
        }
        try stage.require(drains.allSatisfy(\.hasSucceeded), "the end of all work did not end all drains")
        let late = try stage.call { try await subject.coordinator.drain() }
        try stage.require(late.hasSucceeded, "a second drain: \(late)")
    }

    static let drainOfNothing = ConformanceCheck(
        "drainOfAnEmptyCoordinatorReturnsAtOnce",
        "drain() returns at once when nothing was ever accepted."
    ) { stage in
        let subject = try stage.subject()
        let drain = try stage.call { try await subject.coordinator.drain() }
        try stage.require(drain.hasSucceeded, "\(drain)")
        try stage.require(subject.coordinator.isDrained, "it is not drained")
    }

    static let drainAfterCancel = ConformanceCheck(
        "drainAfterCancelWaitsForBodies",
        "drain() after cancel() does not throw, and waits for bodies that take their time."
    ) { stage in
        let subject = try stage.stubborn()
        try stage.enqueue(1...2, to: subject)
        subject.coordinator.cancel()
        let drain = try stage.call { try await subject.coordinator.drain() }
        try stage.require(drain.isSuspended, "a body still ran when it ended: \(drain)")
        try stage.open()
        try stage.require(drain.hasSucceeded, "after the last body: \(drain)")
    }

    static let drainWhilePaused = ConformanceCheck(
        "drainOfAPausedCoordinatorWaitsForItsResumption",
        "A paused coordinator with queued items is not drained until it is resumed."
    ) { stage in
        let subject = try stage.subject()
        subject.coordinator.pause()
        try stage.enqueue([1], to: subject)
        stage.gate.open()
        let drain = try stage.call { try await subject.coordinator.drain() }
        try stage.require(drain.isSuspended, "during the pause: \(drain)")
        subject.coordinator.resume()
        try stage.run()
        try stage.require(drain.hasSucceeded, "after the pause: \(drain)")
        try stage.require(stage.ends.elements, is: [1], "ended items")
    }

    static let cancelledDrain = ConformanceCheck(
        "aCancelledDrainThrowsAndTheCoordinatorGoesOn",
        "Cancelling a task that drains ends the wait with CancellationError and nothing else."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue(1...2, to: subject)
        let drain = try stage.call { try await subject.coordinator.drain() }
        drain.task.cancel()
        try stage.run()
        try stage.require(drain.error is CancellationError, "\(drain)")
        try stage.require(subject.coordinator.isFinished, "the intake is open again")
        try stage.open()
        try stage.require(subject.coordinator.stats.completed, is: 2, "completed operations")
    }

    static let drainTimeout = ConformanceCheck(
        "aDrainThatTakesTooLongThrowsAndTheCoordinatorGoesOn",
        "drain(timeout:) throws the code drainTimeout at the end of its time, by the clock of the options."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue(1...2, to: subject)
        let drain = try stage.call { try await subject.coordinator.drain(timeout: .seconds(5)) }
        stage.time.advance(by: .milliseconds(4999))
        try stage.run()
        try stage.require(drain.isSuspended, "before its time: \(drain)")
        stage.time.advance(by: .milliseconds(1))
        try stage.run()
        try stage.require(drain.code == .drainTimeout, "at the end of its time: \(drain)")
        try stage.require(subject.coordinator.isFinished, "the intake is open again")
        try stage.open()
        try stage.require(subject.coordinator.stats.completed, is: 2, "completed operations")
    }

    static let drainInTime = ConformanceCheck(
        "aDrainThatIsDoneInTimeReturns",
        "drain(timeout:) returns as soon as nothing is left."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue(1...2, to: subject)
        let drain = try stage.call { try await subject.coordinator.drain(timeout: .seconds(5)) }
        try stage.require(drain.isSuspended, "before the end of the work: \(drain)")
        try stage.open()
        try stage.require(drain.hasSucceeded, "\(drain)")
        try stage.require(subject.coordinator.isDrained, "it is not drained")
    }

    static let waitUntilIdle = ConformanceCheck(
        "waitUntilIdleLeavesTheIntakeOpen",
        "waitUntilIdle() returns when nothing is queued or running, and closes nothing."
    ) { stage in
        let subject = try stage.subject()
        let early = try stage.call { try await subject.coordinator.waitUntilIdle() }
        try stage.require(early.hasSucceeded, "with nothing to do: \(early)")
        try stage.enqueue(1...2, to: subject)
        let idle = try stage.call { try await subject.coordinator.waitUntilIdle() }
        try stage.release()
        try stage.require(idle.isSuspended, "with work left: \(idle)")
        try stage.open()
        try stage.require(idle.hasSucceeded, "after the last operation: \(idle)")
        try stage.require(!subject.coordinator.isFinished, "the intake is closed")
        let late = try stage.enqueue([3], to: subject)
        try stage.require(late.hasSucceeded, "an item that came afterwards: \(late)")
        try stage.require(stage.ends.elements, is: [1, 2, 3], "ended items")
    }

    static let cancelledWait = ConformanceCheck(
        "aCancelledWaitThrowsAndChangesNothing",
        "Cancelling a task in waitUntilIdle() ends the wait with CancellationError and nothing else."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue([1], to: subject)
        let idle = try stage.call { try await subject.coordinator.waitUntilIdle() }
        idle.task.cancel()
        try stage.run()
        try stage.require(idle.error is CancellationError, "\(idle)")
        try stage.require(!subject.coordinator.isFinished, "the intake is closed")
        try stage.open()
        try stage.require(subject.coordinator.stats.completed, is: 1, "completed operations")
    }
}

extension ConformanceStage {
    /// A coordinator whose bodies stop at the gate whatever happens to their task.
    func stubborn(_ limit: Int = 1) throws -> Subject {
        try subjectRunning(limit) { [gate] _ in await gate.waitIgnoringCancellation() }
    }
}
