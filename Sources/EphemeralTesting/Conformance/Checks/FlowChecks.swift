internal import Ephemeral

/// Starts: their order and number, pauses, and the closing of the intake.
enum FlowChecks {
    static let all = [
        startsInOrder, limitIsReached, pauseStopsStarts, pauseHoldsAnAdmittedItem, resumeStartsWhatWaits,
        finishIsIdempotent, finishAfterCancel, itemsAfterTheEnd, errorsStayWithTheirOperation,
        cancellationErrorsOfBodies,
    ]

    static let startsInOrder = ConformanceCheck(
        "operationsStartInTheOrderOfAcceptance",
        "Items that nothing tells apart start in the order in which they were accepted."
    ) { stage in
        let subject = try stage.subject(2)
        try stage.enqueue(1...9, to: subject)
        for _ in 1...9 { try stage.release() }
        try stage.require(stage.starts.elements, is: Array(1...9), "started items")
    }

    static let limitIsReached = ConformanceCheck(
        "theLimitIsReachedAndNeverExceeded",
        "As many bodies run at a time as the limit allows, and no more."
    ) { stage in
        let subject = try stage.subject(3)
        try stage.enqueue(1...10, to: subject)
        try stage.require(subject.coordinator.stats.active, is: 3, "running bodies at a limit of 3")
        try stage.require(stage.starts.count, is: 3, "bodies that have started at a limit of 3")
        for _ in 1...10 { try stage.release() }
        try stage.require(stage.ends.count, is: 10, "bodies that have ended")
        try stage.require(stage.meter.most, is: 3, "bodies that ran at once at a limit of 3")
        try stage.require(subject.coordinator.currentMaxConcurrency, is: 3, "the limit shown")
    }

    static let pauseStopsStarts = ConformanceCheck(
        "pauseStopsStartsAndLetsRunningBodiesGoOn",
        "While a coordinator is paused nothing starts, and running bodies go on."
    ) { stage in
        let subject = try stage.subject(2)
        let coordinator = subject.coordinator
        try stage.require(!coordinator.isPaused, "a new coordinator is paused")
        try stage.enqueue(1...4, to: subject)
        coordinator.pause()
        coordinator.pause()
        try stage.require(coordinator.isPaused, "isPaused is false after pause()")
        try stage.release(2)
        try stage.require(stage.ends.count, is: 2, "ended bodies of the two that ran")
        try stage.require(stage.starts.elements, is: [1, 2], "started items")
        try stage.require(coordinator.stats.pending, is: 2, "queued items")
    }

    static let pauseHoldsAnAdmittedItem = ConformanceCheck(
        "pauseHoldsAnItemThatIsOnItsWay",
        "An item that was accepted before a pause and has not started does not start."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueueOnly(1, to: subject)
        let hasStarted = !stage.starts.elements.isEmpty
        subject.coordinator.pause()
        try stage.run()
        try stage.require(hasStarted || stage.starts.elements.isEmpty, "an item started after pause() had returned")
        subject.coordinator.resume()
        try stage.open()
        try stage.require(stage.ends.elements, is: [1], "ended items after the pause")
    }

    static let resumeStartsWhatWaits = ConformanceCheck(
        "resumeStartsWhatWaits",
        "After a pause, what is queued starts without anything else having to happen, within the limit."
    ) { stage in
        let subject = try stage.subject(2)
        subject.coordinator.pause()
        try stage.enqueue(1...4, to: subject)
        try stage.require(stage.starts.elements, is: [], "items started during a pause")
        subject.coordinator.resume()
        subject.coordinator.resume()
        try stage.run()
        try stage.require(!subject.coordinator.isPaused, "isPaused is true after resume()")
        try stage.require(stage.starts.elements, is: [1, 2], "started items at a limit of 2")
    }

    static let finishIsIdempotent = ConformanceCheck(
        "finishIsIdempotentAndLetsWorkEnd",
        "What was accepted before finish() still runs, and calling it again changes nothing."
    ) { stage in
        let subject = try stage.subject()
        let coordinator = subject.coordinator
        try stage.enqueue(1...2, to: subject)
        try stage.require(!coordinator.isFinished, "an open coordinator is finished")
        coordinator.finish()
        coordinator.finish()
        try stage.require(coordinator.isFinished, "isFinished is false after finish()")
        try stage.open()
        try stage.require(stage.ends.elements, is: [1, 2], "ended items")
        coordinator.finish()
        try stage.require(coordinator.stats.completed, is: 2, "completed operations")
        try stage.require(coordinator.isDrained, "it is not drained after its last operation")
    }

    static let finishAfterCancel = ConformanceCheck(
        "finishAfterCancelChangesNothing",
        "finish() may be called after cancel() and changes nothing."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue(1...3, to: subject)
        subject.coordinator.cancel()
        try stage.run()
        let before = subject.coordinator.stats
        subject.coordinator.finish()
        try stage.run()
        try stage.require(subject.coordinator.stats, is: before, "counters after finish()")
        try stage.require(subject.coordinator.isFinished && subject.coordinator.isDrained, "it is not at its end")
    }

    static let itemsAfterTheEnd = ConformanceCheck(
        "itemsAfterTheEndAreRefused",
        "After finish(), drain(), cancel() and shutdown() items are refused with the code completed, and not counted."
    ) { stage in
        let closings: [(String, @Sendable (any Coordinator) async throws -> Void)] = [
            ("finish()", { $0.finish() }), ("drain()", { try await $0.drain() }), ("cancel()", { $0.cancel() }),
            ("shutdown()", { await $0.shutdown() }),
        ]
        for (name, close) in closings {
            let subject = try stage.subject()
            try stage.call { try await close(subject.coordinator) }
            let call = try stage.enqueue([1], to: subject)
            try stage.require(call.code == .completed, "after \(name) an item was not refused so: \(call)")
            try stage.require(subject.coordinator.stats.enqueued, is: 0, "accepted items after \(name)")
        }
        try stage.require(stage.starts.elements, is: [], "started items")
    }

    static let errorsStayWithTheirOperation = ConformanceCheck(
        "anErrorFailsItsOperationAndNothingElse",
        "A body that throws makes its operation fail with that error; the coordinator goes on."
    ) { stage in
        let subject = try stage.subjectRunning { item in
            if item.isMultiple(of: 2) { throw BodyFailure(item: item) }
        }
        try stage.enqueue(1...5, to: subject)
        let errors = subject.coordinator.operations(in: .failed).map { $0.error as? BodyFailure }
        try stage.require(errors, is: [BodyFailure(item: 2), BodyFailure(item: 4)], "errors shown")
        try stage.require(subject.coordinator.stats.failed, is: 2, "failed operations")
        try stage.require(subject.coordinator.stats.completed, is: 3, "completed operations")
        try stage.require(!subject.coordinator.isFinished, "an error has closed the intake")
    }

    static let cancellationErrorsOfBodies = ConformanceCheck(
        "aCancellationErrorWithoutCancellationIsAFailure",
        "A body that throws CancellationError although nobody cancelled it has failed."
    ) { stage in
        let subject = try stage.subjectRunning { _ in throw CancellationError() }
        try stage.enqueue([1], to: subject)
        try stage.require(subject.coordinator.stats.failed, is: 1, "failed operations")
        try stage.require(subject.coordinator.stats.cancelled, is: 0, "cancelled operations")
    }
}
