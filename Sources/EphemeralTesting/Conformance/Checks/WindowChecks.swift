internal import Ephemeral

/// What is visible of operations, and for how long.
enum WindowChecks {
    static let all = [
        windowIsBounded, emptyWindow, runningOperationsStay, pinnedOperationsStay, evictTakesFinishedOnes,
        lifetimeBeginsAtTheEnd, everyDepartureIsReported, snapshotsTellTheStory, snapshotsDoNotChange,
    ]

    static let windowIsBounded = ConformanceCheck(
        "theWindowKeepsTheLatestOperations",
        "No more than maxTrackedOperations ended operations are visible, the ones that ended last."
    ) { stage in
        let subject = try stage.subject { $0.maxTrackedOperations = 3 }
        var ids: [OperationID] = []
        for item in 1...8 {
            ids += try stage.complete(item...item, by: subject)
            let visible = subject.coordinator.operations(in: .finished).map(\.id)
            try stage.require(visible, is: Array(ids.suffix(3)), "visible operations")
        }
        try stage.require(Set(ids).count, is: 8, "different identities of 8 operations")
        try stage.require(subject.coordinator.stats.completed, is: 8, "completed operations")
    }

    static let emptyWindow = ConformanceCheck(
        "aWindowOfZeroShowsRunningOperationsOnly",
        "With maxTrackedOperations at 0, running operations are visible and ended ones are not."
    ) { stage in
        let subject = try stage.subject { $0.maxTrackedOperations = 0 }
        try stage.enqueue(1...2, to: subject)
        try stage.require(subject.coordinator.snapshot().count, is: 1, "visible operations while one runs")
        try stage.open()
        try stage.require(subject.coordinator.snapshot().count, is: 0, "visible operations after the end")
        try stage.require(subject.coordinator.stats.completed, is: 2, "completed operations")
    }

    static let runningOperationsStay = ConformanceCheck(
        "runningOperationsNeverLeaveTheWindow",
        "A running operation is visible, however small the window is and however long the operation takes."
    ) { stage in
        let subject = try stage.subject(3) {
            $0.maxTrackedOperations = 1
            $0.maxOperationLifetime = .seconds(1)
        }
        try stage.enqueue(1...5, to: subject)
        stage.time.advance(by: .seconds(100))
        try stage.run()
        try stage.require(subject.coordinator.operations(in: .running).count, is: 3, "visible running operations")
        try stage.release()
        try stage.require(subject.coordinator.operations(in: .running).count, is: 3, "visible running operations")
        try stage.require(subject.coordinator.operations(in: .finished).count, is: 1, "visible ended operations")
    }

    static let pinnedOperationsStay = ConformanceCheck(
        "pinnedOperationsStayAndKeepTheirPlace",
        "A pinned operation does not leave the window and keeps its place in it until it is unpinned."
    ) { stage in
        let subject = try stage.subject {
            $0.maxTrackedOperations = 2
            $0.maxOperationLifetime = .seconds(10)
        }
        let coordinator = subject.coordinator
        let first = try stage.complete(1...1, by: subject)
        try stage.require(coordinator.pin(first[0]), "pin() does not know a visible operation")
        try stage.require(!coordinator.pin(OperationID(rawValue: 1)), "pin() knows an operation that never was")
        try stage.require(!coordinator.unpin(OperationID(rawValue: 1)), "unpin() knows an operation that never was")
        let later = try stage.complete(2...5, by: subject)
        try stage.require(coordinator.snapshot().map(\.id), is: first + later.suffix(2), "visible operations")
        try stage.require(coordinator.snapshot().map(\.isPinned), is: [true, false, false], "pins shown")
        stage.time.advance(by: .seconds(100))
        try stage.run()
        try stage.require(coordinator.snapshot().map(\.id), is: first, "visible operations after their lifetime")
        try stage.require(coordinator.unpin(first[0]), "unpin() does not know a pinned operation")
        try stage.require(coordinator.snapshot().map(\.id), is: [], "visible operations after unpin()")
    }

    static let evictTakesFinishedOnes = ConformanceCheck(
        "evictTakesEndedOperationsOnly",
        "evict() makes an ended operation leave, pinned or not, and no other."
    ) { stage in
        let subject = try stage.subject()
        let coordinator = subject.coordinator
        let ended = try stage.complete(1...2, by: subject)
        try stage.enqueue([3], to: subject)
        let running = try stage.runningOperation(coordinator)
        try stage.require(!coordinator.evict(running), "a running operation was evicted")
        try stage.require(!coordinator.evict(OperationID(rawValue: 1)), "an operation that never was, was evicted")
        coordinator.pin(ended[0])
        for id in ended {
            try stage.require(coordinator.evict(id), "an ended operation was not evicted")
            try stage.require(!coordinator.evict(id), "an operation was evicted twice")
        }
        try stage.require(coordinator.snapshot().map(\.id), is: [running], "visible operations")
        try stage.require(coordinator.stats.completed, is: 2, "completed operations")
    }

    static let lifetimeBeginsAtTheEnd = ConformanceCheck(
        "theLifetimeOfAnOperationBeginsAtItsEnd",
        "An ended operation is visible for maxOperationLifetime from its end, exactly."
    ) { stage in
        let subject = try stage.subject { $0.maxOperationLifetime = .seconds(10) }
        try stage.enqueue([1], to: subject)
        stage.time.advance(by: .seconds(100))
        try stage.open()
        stage.time.advance(by: .milliseconds(9999))
        try stage.run()
        try stage.require(subject.coordinator.snapshot().count, is: 1, "visible operations before the lifetime is over")
        stage.time.advance(by: .milliseconds(1))
        try stage.run()
        try stage.require(subject.coordinator.snapshot().count, is: 0, "visible operations after the lifetime")
    }

    static let everyDepartureIsReported = ConformanceCheck(
        "everyDepartureFromTheWindowIsReportedOnce",
        "The observer is told of each operation that leaves, by number, age or evict(), once and with its end."
    ) { stage in
        let observer = ConformanceObserver()
        let subject = try stage.subject {
            $0.maxTrackedOperations = 2
            $0.maxOperationLifetime = .seconds(10)
            $0.observer = observer
        }
        let ids = try stage.complete(1...4, by: subject)
        try stage.require(observer.finalized.elements.map(\.id), is: Array(ids.prefix(2)), "reported after four")
        subject.coordinator.evict(ids[2])
        try stage.require(observer.finalized.elements.map(\.id), is: Array(ids.prefix(3)), "reported after evict()")
        stage.time.advance(by: .seconds(10))
        _ = try stage.complete(5...5, by: subject)
        try stage.require(observer.finalized.elements.map(\.id), is: ids, "reported after the lifetime")
        try stage.require(
            observer.finalized.elements.allSatisfy { $0.completedAt != nil },
            "an operation was reported without its end"
        )
    }

    static let snapshotsTellTheStory = ConformanceCheck(
        "snapshotsTellWhenAndHowOperationsEnded",
        "A snapshot has the times of acceptance, start and end, and the outcome; selections tell outcomes apart."
    ) { stage in
        let subject = try stage.subjectRunning { [gate = stage.gate] item in
            try await gate.wait()
            if item == 2 { throw BodyFailure(item: item) }
        }
        let coordinator = subject.coordinator
        let begin = stage.time.now
        coordinator.pause()
        try stage.enqueue([1], to: subject)
        stage.time.advance(by: .seconds(1))
        coordinator.resume()
        try stage.run()
        try stage.require(coordinator.snapshot().map(\.outcome.name), is: ["running"], "outcomes shown")
        try stage.require(coordinator.snapshot().first?.duration, is: nil, "duration of a running operation")
        stage.time.advance(by: .seconds(2))
        try stage.release()
        guard let operation = coordinator.snapshot().first else {
            throw stage.failure("an ended operation is not shown")
        }
        try stage.require(operation.enqueuedAt, is: begin, "acceptance shown")
        try stage.require(operation.startedAt, is: begin.advanced(by: .seconds(1)), "start shown")
        try stage.require(operation.completedAt, is: begin.advanced(by: .seconds(3)), "end shown")
        try stage.require(operation.queueDelay, is: .seconds(1), "queue delay shown")
        try stage.require(operation.duration, is: .seconds(2), "duration shown")
        try stage.enqueue(2...3, to: subject)
        try stage.release()
        let shown = coordinator.snapshot().map(\.outcome.name)
        try stage.require(shown, is: ["completed", "failed", "running"], "outcomes shown")
        let selections: [(OperationSelection, [Int])] = [
            (.completed, [0]), (.failed, [1]), (.finished, [0, 1]), (.running, [2]), (.cancelled, []),
        ]
        let ids = coordinator.snapshot().map(\.id)
        for (selection, places) in selections {
            let selected = coordinator.operations(in: selection).map(\.id)
            try stage.require(selected, is: places.map { ids[$0] }, "operations selected as \(selection)")
        }
    }

    static let snapshotsDoNotChange = ConformanceCheck(
        "aSnapshotDoesNotChange",
        "A snapshot shows the moment at which it was taken for ever."
    ) { stage in
        let subject = try stage.subject()
        try stage.enqueue([1], to: subject)
        let before = subject.coordinator.snapshot()
        try stage.open()
        try stage.require(before.map(\.outcome.name), is: ["running"], "outcomes of a former snapshot")
        try stage.require(subject.coordinator.snapshot().map(\.outcome.name), is: ["completed"], "outcomes shown")
    }
}
