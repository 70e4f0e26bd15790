internal import Ephemeral

/// Signal rules of the options.
enum SignalChecks {
    static let all = [skippedItems, heldBackItems, endOfPatience]

    static let skippedItems = ConformanceCheck(
        "itemsThatASignalCancelsAreSkipped",
        "While a signal of cancelOn is live, items count as cancelled and show which signal it was; nothing starts."
    ) { stage in
        let sink = SignalSink(time: stage.time)
        let subject = try stage.subject {
            $0.signals.sink = sink
            $0.signals.cancelOn = ["stop.*"]
        }
        sink.raise("stop.now")
        try stage.enqueue(1...2, to: subject)
        try stage.require(stage.starts.elements, is: [], "started items")
        try stage.require(subject.coordinator.stats.cancelled, is: 2, "cancelled operations")
        let outcomes = subject.coordinator.operations(in: .cancelled).map(\.outcome.name)
        try stage.require(outcomes, is: ["skipped by stop.now", "skipped by stop.now"], "outcomes shown")
        sink.retract("stop.now")
        try stage.enqueue([3], to: subject)
        try stage.require(stage.starts.elements, is: [3], "started items after the signal")
    }

    static let heldBackItems = ConformanceCheck(
        "itemsThatASignalDefersWaitForItsEnd",
        "While a signal of deferOn is live items are accepted and do not start; its retraction starts them at once."
    ) { stage in
        let sink = SignalSink(time: stage.time)
        let subject = try stage.subject(2) {
            $0.signals.sink = sink
            $0.signals.deferOn = ["busy"]
        }
        sink.raise("busy")
        let call = try stage.enqueue(1...3, to: subject)
        try stage.require(call.hasSucceeded, "acceptance: \(call)")
        try stage.require(stage.starts.elements, is: [], "started items")
        sink.retract("busy")
        try stage.run()
        try stage.require(stage.starts.elements, is: [1, 2], "started items after the signal at a limit of 2")
    }

    static let endOfPatience = ConformanceCheck(
        "itemsAreHeldBackNoLongerThanTheOptionsAllow",
        "The head of the queue starts after maxDeferAttempts times deferCheckInterval although the signal is live."
    ) { stage in
        let sink = SignalSink(time: stage.time)
        let subject = try stage.subject {
            $0.signals.sink = sink
            $0.signals.deferOn = ["busy"]
            $0.signals.maxDeferAttempts = 5
            $0.signals.deferCheckInterval = .milliseconds(100)
        }
        sink.raise("busy")
        try stage.enqueue(1...2, to: subject)
        stage.time.advance(by: .milliseconds(499))
        try stage.run()
        try stage.require(stage.starts.elements, is: [], "started items before the end of the allowance")
        stage.time.advance(by: .milliseconds(1))
        try stage.run()
        try stage.require(stage.starts.elements, is: [1], "started items at the end of the allowance")
    }
}
