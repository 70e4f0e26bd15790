internal import Ephemeral

/// User code that the coordinator calls: bodies, samplers and observers.
enum CallbackChecks {
    static let all = [sampler, observer, reentrantBody, hangingBody, blockingBody]

    static let sampler = ConformanceCheck(
        "onSampleSeesTheLastOperationAndMayUseTheCoordinator",
        "onSample is called after the last operation, before a drain returns, and outside all locks."
    ) { stage in
        let samples = Journal<Int>()
        let subject = try stage.subject {
            $0.onSample = { [handle = stage.handle] snapshot in
                samples.record(snapshot.count { $0.completedAt != nil })
                handle.use()
            }
        }
        try stage.enqueue(1...3, to: subject)
        let seenAtTheEnd = Journal<Int?>()
        try stage.call {
            try await subject.coordinator.drain()
            seenAtTheEnd.record(samples.elements.last)
        }
        try stage.open()
        try stage.require(seenAtTheEnd.elements, is: [3], "ended operations in the last sample when the drain returned")
        try stage.require(subject.coordinator.stats.completed, is: 3, "completed operations")
    }

    static let observer = ConformanceCheck(
        "observersMayUseTheCoordinator",
        "The observer is called outside all locks and may call the coordinator."
    ) { stage in
        let observer = ConformanceObserver { [handle = stage.handle] in handle.use() }
        let subject = try stage.subject {
            $0.maxTrackedOperations = 1
            $0.observer = observer
        }
        try stage.enqueue(1...4, to: subject)
        try stage.open()
        try stage.require(observer.finalized.count, is: 3, "operations reported as gone")
        try stage.require(subject.coordinator.stats.completed, is: 4, "completed operations")
    }

    static let reentrantBody = ConformanceCheck(
        "bodiesMayUseTheirCoordinator",
        "A body may look at its coordinator, pause, resume and limit it."
    ) { stage in
        let seen = Journal<Int>()
        let subject = try stage.subject(2) {
            $0.enableDynamicConcurrency = true
        } body: { [handle = stage.handle] _ in
            handle.use()
            seen.record(handle.subject?.coordinator.operations(in: .running).count ?? -1)
            try handle.subject?.coordinator.setMaxConcurrency(3)
        }
        try stage.enqueue(1...6, to: subject)
        try stage.require(subject.coordinator.stats.completed, is: 6, "completed operations")
        try stage.require(seen.elements.allSatisfy { (1...3).contains($0) }, "bodies saw \(seen.elements) running ones")
        try stage.require(subject.coordinator.currentMaxConcurrency, is: 3, "the limit shown")
    }

    static let hangingBody = ConformanceCheck(
        "aBodyThatHangsHoldsUpNobodyElse",
        "A body that ends only when it is cancelled takes one place of the limit, and shutdown() ends it."
    ) { stage in
        let hanging = Gate()
        let subject = try stage.subjectRunning(2) { item in
            if item == 1 { try await hanging.wait() }
        }
        try stage.enqueue(1...5, to: subject)
        try stage.require(stage.ends.elements, is: [2, 3, 4, 5], "ended items beside the hanging one")
        let shutdown = try stage.call { await subject.coordinator.shutdown() }
        try stage.require(shutdown.hasSucceeded, "a shutdown: \(shutdown)")
        try stage.require(subject.coordinator.stats.cancelled, is: 1, "cancelled operations")
    }

    static let blockingBody = ConformanceCheck(
        "aBodyThatBlocksItsThreadHoldsUpNobodyElse",
        "Bodies run on the executor of the options, not on the thread of a caller or of another body."
    ) { stage in
        let meeting = Meeting(of: 2)
        let subject = try stage.subject(2) {
            $0.executor = ThreadExecutor()
        } body: { [patience = stage.patience] item in
            if !meeting.attend(waiting: patience) { throw BodyFailure(item: item) }
        }
        // Bodies that wait for each other end only if they run at the same time, and neither on this thread.
        for item in 1...2 { try await subject.enqueue(item) }
        try await subject.coordinator.drain()
        try stage.require(subject.coordinator.stats.completed, is: 2, "bodies that met")
    }
}

extension SubjectHandle {
    /// Calls what may be called from anywhere.
    func use() {
        guard let coordinator = subject?.coordinator else { return }
        _ = coordinator.stats
        _ = coordinator.snapshot().first.map { coordinator.pin($0.id) && coordinator.unpin($0.id) }
        _ = coordinator.signals()
        coordinator.pause()
        coordinator.resume()
    }
}
