internal import Ephemeral

/// The limit and its changes, and options outside their range.
enum LimitChecks {
    static let all = [shrinkAndGrow, growingStarts, fixedLimit, limitBelowOne, badOptions]

    static let shrinkAndGrow = ConformanceCheck(
        "theLimitHoldsWhileItShrinksAndGrows",
        "A lower limit takes effect as bodies end, whatever is queued; raising it again never lets more run than it says."
    ) { stage in
        let subject = try stage.subject(8) { $0.enableDynamicConcurrency = true }
        let coordinator = subject.coordinator
        try stage.enqueue(1...40, to: subject)
        try stage.require(coordinator.stats.active, is: 8, "running bodies at a limit of 8")
        try coordinator.setMaxConcurrency(2)
        for left in stride(from: 7, through: 2, by: -1) {
            try stage.release()
            try stage.require(coordinator.stats.active, is: left, "running bodies while the limit falls to 2")
        }
        try stage.release()
        try stage.require(coordinator.stats.active, is: 2, "running bodies at a limit of 2")
        try coordinator.setMaxConcurrency(8)
        try stage.run()
        try stage.require(coordinator.stats.active, is: 8, "running bodies at a limit of 8 again")
        try coordinator.setMaxConcurrency(2)
        try coordinator.setMaxConcurrency(8)
        try stage.run()
        try stage.require(coordinator.stats.active, is: 8, "running bodies after 8, 2 and 8 without an end between")
        try stage.open()
        try stage.require(stage.meter.most, is: 8, "bodies that ran at once")
        try stage.require(coordinator.stats.completed, is: 40, "completed operations")
    }

    static let growingStarts = ConformanceCheck(
        "growingTheLimitStartsMoreAtOnce",
        "A higher limit takes effect without anything else having to happen."
    ) { stage in
        let subject = try stage.subject { $0.enableDynamicConcurrency = true }
        try stage.enqueue(1...6, to: subject)
        try subject.coordinator.setMaxConcurrency(4)
        try stage.run()
        try stage.require(subject.coordinator.currentMaxConcurrency, is: 4, "the limit shown")
        try stage.require(subject.coordinator.stats.active, is: 4, "running bodies at a limit of 4")
    }

    static let fixedLimit = ConformanceCheck(
        "theLimitIsFixedUnlessTheOptionsSayOtherwise",
        "Without enableDynamicConcurrency the limit cannot be changed: the code is dynamicConcurrencyDisabled."
    ) { stage in
        let subject = try stage.subject(2)
        try stage.require(.dynamicConcurrencyDisabled) { try subject.coordinator.setMaxConcurrency(3) }
        try stage.require(subject.coordinator.currentMaxConcurrency, is: 2, "the limit shown")
    }

    static let limitBelowOne = ConformanceCheck(
        "aLimitBelowOneIsRefused",
        "A limit of 0 or less is refused with the code invalidArgument."
    ) { stage in
        let subject = try stage.subject(2) { $0.enableDynamicConcurrency = true }
        for limit in [0, -1, .min] {
            try stage.require(.invalidArgument) { try subject.coordinator.setMaxConcurrency(limit) }
        }
        try stage.require(subject.coordinator.currentMaxConcurrency, is: 2, "the limit shown")
    }

    static let badOptions = ConformanceCheck(
        "optionsOutsideTheirRangeAreRefused",
        "A coordinator is not made with options outside their range: the code is invalidArgument."
    ) { stage in
        let changes: [@Sendable (inout EphemeralOptions) -> Void] = [
            { $0.maxConcurrency = 0 }, { $0.queueCapacity = 0 }, { $0.maxTrackedOperations = -1 },
            { $0.maxOperationLifetime = .zero }, { $0.signals.maxDeferAttempts = -1 },
            { $0.signals.deferCheckInterval = .zero }, { $0.keys.maxConcurrencyPerKey = 0 },
            { $0.keys.fairSchedulingThreshold = 0 }, { $0.signals.maxConcurrentSignalHandlers = 0 },
            { $0.signals.maxQueuedSignals = 0 },
        ]
        for change in changes {
            try stage.require(.invalidArgument) { _ = try stage.subject(configure: change) }
        }
    }
}

extension ConformanceStage {
    /// Fails the check unless something is refused with this code.
    func require(_ code: CoordinatorError.Code, _ work: () throws -> Void) throws {
        do {
            try work()
        } catch let error as CoordinatorError where error.code == code {
            return
        } catch {
            throw failure("it threw \(error)")
        }
        throw failure("it was not refused")
    }
}
