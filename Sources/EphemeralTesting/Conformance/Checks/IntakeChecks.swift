internal import Ephemeral

/// Bringing items when the queue is full.
enum IntakeChecks {
    static let all = [fullQueue, finishReleasesCallers, cancelledCaller, itemsFromBodies]

    static let fullQueue = ConformanceCheck(
        "aFullQueueMakesItsCallersWait",
        "No more items wait than queueCapacity says; who finds the queue full waits until there is room.",
        isAboutWaiting: true
    ) { stage in
        let subject = try stage.subject { $0.queueCapacity = 2 }
        try stage.enqueue([1], to: subject)
        let calls = try (2...4).map { item in try stage.enqueue([item], to: subject) }
        let haveFound = calls.prefix(2).allSatisfy(\.hasSucceeded)
        try stage.require(haveFound, "an item was not accepted although there was room")
        try stage.require(calls[2].isSuspended, "with a full queue: \(calls[2])")
        try stage.require(subject.coordinator.stats.pending, is: 2, "queued items at a capacity of 2")
        try stage.release()
        try stage.require(calls[2].hasSucceeded, "when there was room: \(calls[2])")
        try stage.open()
        try stage.require(stage.ends.elements, is: [1, 2, 3, 4], "ended items")
    }

    static let finishReleasesCallers = ConformanceCheck(
        "theEndOfTheIntakeReleasesWaitingCallers",
        "Callers that wait for room are refused with the code completed by finish() and cancel().",
        isAboutWaiting: true
    ) { stage in
        let closings: [@Sendable (any Coordinator) -> Void] = [{ $0.finish() }, { $0.cancel() }]
        for close in closings {
            let subject = try stage.subject { $0.queueCapacity = 1 }
            try stage.enqueue(1...2, to: subject)
            let call = try stage.enqueue([3], to: subject)
            try stage.require(call.isSuspended, "with a full queue: \(call)")
            close(subject.coordinator)
            try stage.run()
            try stage.require(call.code == .completed, "at the end of the intake: \(call)")
            try stage.require(subject.coordinator.stats.enqueued, is: 2, "accepted items")
            subject.coordinator.cancel()
            try stage.run()
        }
    }

    static let cancelledCaller = ConformanceCheck(
        "aCallerThatStopsWaitingLeavesNothing",
        "Cancelling a task that waits for room ends the wait with CancellationError, and its item is not counted.",
        isAboutWaiting: true
    ) { stage in
        let subject = try stage.subject { $0.queueCapacity = 1 }
        try stage.enqueue(1...2, to: subject)
        let (call, other) = (try stage.enqueue([3], to: subject), try stage.enqueue([4], to: subject))
        let before = subject.coordinator.stats
        call.task.cancel()
        try stage.run()
        try stage.require(call.error is CancellationError, "\(call)")
        try stage.require(subject.coordinator.stats, is: before, "counters after the cancellation")
        try stage.open()
        try stage.require(other.hasSucceeded, "a caller behind it: \(other)")
        try stage.require(stage.ends.elements, is: [1, 2, 4], "ended items")
    }

    static let itemsFromBodies = ConformanceCheck(
        "bodiesMayBringItemsToAFullQueue",
        "A body that brings items to its own coordinator gets on, full queue or not."
    ) { stage in
        let subject = try stage.subject {
            $0.queueCapacity = 1
        } body: { [handle = stage.handle] item in
            guard item == 1 else { return }
            for child in 10...15 {
                // Types that refuse items instead of waiting may refuse these.
                try? await handle.subject?.enqueue(child)
            }
        }
        try stage.enqueue([1], to: subject)
        try stage.require(stage.ends.elements.contains(1), "the body that brought items did not get to its end")
        let drain = try stage.call { try await subject.coordinator.drain() }
        try stage.require(drain.hasSucceeded, "a drain afterwards: \(drain)")
        try stage.requireConsistency(subject.coordinator)
        try stage.require(stage.ends.count, is: subject.coordinator.stats.enqueued, "ended items")
    }
}
