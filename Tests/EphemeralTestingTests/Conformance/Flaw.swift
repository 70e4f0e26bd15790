import Ephemeral
import EphemeralTesting

/// What can be wrong with a coordinator, and the checks that have to notice.
enum Flaw: String, CaseIterable, Sendable {
    // Counting and order
    case countsRunningOnesTwice, drainedTooSoon, runsSomeTwice, swapsNeighbours, oneMoreThanTheLimit, oneAtATime
    // Flow
    case pauseDoesNothing, pauseNeedsARunningBody, resumeStartsNothing, finishDropsTheQueue, finishCountsAgain
    case acceptsSilently, errorsCloseIt, cancellationErrorsAreForgiven
    // Waiting
    case drainDoesNotWait, emptyDrainHangs, drainAfterCancelThrows, drainEndsPauses, drainForgetsItsTask
    case drainIgnoresItsTimeout, drainTakesAllItsTime, idleCloses, idleSpins, idleForgetsItsTask
    // Cancellation
    case cancelKeepsTheQueue, cancelledBodiesFail, completedBodiesAreCancelled, failedBodiesAreCancelled
    case cancelCountsAgain, cancelOfAPausedOneWaits, shutdownDoesNotWait, shutdownIsShortened, emptyShutdownHangs
    // The window
    case oneMoreIsVisible, zeroMeansOne, hidesRunningOnes, pinsDoNothing, evictAlwaysSaysYes, lifetimeBeginsAtTheStart
    case tellsNoObserver, selectionsOverlap, snapshotsAreStale
    // The limit
    case neverShrinks, neverGrows, alwaysDynamic, repairsLimits, repairsOptions, limitIsFixedDuringBodies
    // Intake
    case queueIsUnbounded, finishForgetsCallers, enqueueForgetsItsTask
    // Callbacks and signals
    case neverSamples, ignoresCancellingSignals, ignoresDeferringSignals, defersForEver

    /// The checks that fail on it, among others.
    var checks: [String] {
        switch self {
        case .countsRunningOnesTwice:
            ["countersAddUpInEveryReading", "underLoadEveryItemRunsOnce", "underLoadAShutdownAccountsForEverything"]
        case .drainedTooSoon: ["isDrainedIsTrueAtTheEndOnly"]
        case .runsSomeTwice: ["everyOperationIsCountedOnceInRandomUse", "underLoadEveryItemRunsOnce"]
        case .swapsNeighbours: ["operationsStartInTheOrderOfAcceptance"]
        case .oneMoreThanTheLimit: ["theLimitIsReachedAndNeverExceeded"]
        case .oneAtATime:
            [
                "theLimitIsReachedAndNeverExceeded", "aBodyThatHangsHoldsUpNobodyElse",
                "aBodyThatBlocksItsThreadHoldsUpNobodyElse",
            ]
        case .pauseDoesNothing: ["pauseStopsStartsAndLetsRunningBodiesGoOn", "pauseHoldsAnItemThatIsOnItsWay"]
        case .pauseNeedsARunningBody: ["pauseHoldsAnItemThatIsOnItsWay"]
        case .resumeStartsNothing: ["resumeStartsWhatWaits"]
        case .finishDropsTheQueue: ["finishIsIdempotentAndLetsWorkEnd"]
        case .finishCountsAgain: ["finishAfterCancelChangesNothing"]
        case .acceptsSilently: ["itemsAfterTheEndAreRefused"]
        case .errorsCloseIt: ["anErrorFailsItsOperationAndNothingElse"]
        case .cancellationErrorsAreForgiven: ["aCancellationErrorWithoutCancellationIsAFailure"]
        case .drainDoesNotWait: ["drainWaitsForAllWorkAndMayBeCalledByMany", "drainAfterCancelWaitsForBodies"]
        case .emptyDrainHangs: ["drainOfAnEmptyCoordinatorReturnsAtOnce"]
        case .drainAfterCancelThrows: ["drainAfterCancelWaitsForBodies"]
        case .drainEndsPauses: ["drainOfAPausedCoordinatorWaitsForItsResumption"]
        case .drainForgetsItsTask: ["aCancelledDrainThrowsAndTheCoordinatorGoesOn"]
        case .drainIgnoresItsTimeout: ["aDrainThatTakesTooLongThrowsAndTheCoordinatorGoesOn"]
        case .drainTakesAllItsTime: ["aDrainThatIsDoneInTimeReturns"]
        case .idleCloses, .idleSpins: ["waitUntilIdleLeavesTheIntakeOpen"]
        case .idleForgetsItsTask: ["aCancelledWaitThrowsAndChangesNothing"]
        case .cancelKeepsTheQueue: ["cancelAccountsForWhatWasQueued", "aBodyThatGivesInToCancellationIsCancelled"]
        case .cancelledBodiesFail: ["aBodyThatGivesInToCancellationIsCancelled"]
        case .completedBodiesAreCancelled: ["aBodyThatReturnsAfterCancelIsCompleted"]
        case .failedBodiesAreCancelled: ["aBodyThatFailsAfterCancelHasFailed"]
        case .cancelCountsAgain: ["cancelIsIdempotentAndCloses"]
        case .cancelOfAPausedOneWaits: ["cancelOfAPausedCoordinatorLeavesNothing"]
        case .shutdownDoesNotWait: ["shutdownWaitsForBodies", "cancellationDoesNotShortenAShutdown"]
        case .shutdownIsShortened: ["cancellationDoesNotShortenAShutdown"]
        case .emptyShutdownHangs: ["shutdownOfAnUnusedCoordinatorReturns"]
        case .oneMoreIsVisible: ["theWindowKeepsTheLatestOperations", "aWindowOfZeroShowsRunningOperationsOnly"]
        case .zeroMeansOne: ["aWindowOfZeroShowsRunningOperationsOnly"]
        case .hidesRunningOnes: ["runningOperationsNeverLeaveTheWindow"]
        case .pinsDoNothing: ["pinnedOperationsStayAndKeepTheirPlace"]
        case .evictAlwaysSaysYes: ["evictTakesEndedOperationsOnly"]
        case .lifetimeBeginsAtTheStart: ["theLifetimeOfAnOperationBeginsAtItsEnd"]
        case .tellsNoObserver: ["everyDepartureFromTheWindowIsReportedOnce", "observersMayUseTheCoordinator"]
        case .selectionsOverlap: ["snapshotsTellWhenAndHowOperationsEnded"]
        case .snapshotsAreStale: ["aSnapshotDoesNotChange"]
        case .neverShrinks: ["theLimitHoldsWhileItShrinksAndGrows"]
        case .neverGrows: ["theLimitHoldsWhileItShrinksAndGrows", "growingTheLimitStartsMoreAtOnce"]
        case .alwaysDynamic: ["theLimitIsFixedUnlessTheOptionsSayOtherwise"]
        case .repairsLimits: ["aLimitBelowOneIsRefused"]
        case .repairsOptions: ["optionsOutsideTheirRangeAreRefused"]
        case .limitIsFixedDuringBodies: ["bodiesMayUseTheirCoordinator"]
        case .queueIsUnbounded: ["aFullQueueMakesItsCallersWait"]
        case .finishForgetsCallers: ["theEndOfTheIntakeReleasesWaitingCallers"]
        case .enqueueForgetsItsTask: ["aCallerThatStopsWaitingLeavesNothing", "bodiesMayBringItemsToAFullQueue"]
        case .neverSamples: ["onSampleSeesTheLastOperationAndMayUseTheCoordinator"]
        case .ignoresCancellingSignals: ["itemsThatASignalCancelsAreSkipped"]
        case .ignoresDeferringSignals: ["itemsThatASignalDefersWaitForItsEnd"]
        case .defersForEver: ["itemsAreHeldBackNoLongerThanTheOptionsAllow"]
        }
    }
}

extension Flaw {
    private struct Excuse: Error {}

    func spoil(_ options: EphemeralOptions) -> EphemeralOptions {
        var options = options
        switch self {
        case .oneMoreThanTheLimit: options.maxConcurrency += 1
        case .oneAtATime: options.maxConcurrency = 1
        case .oneMoreIsVisible: options.maxTrackedOperations += 1
        case .zeroMeansOne: options.maxTrackedOperations = max(1, options.maxTrackedOperations)
        case .tellsNoObserver: options.observer = nil
        case .alwaysDynamic: options.enableDynamicConcurrency = true
        case .repairsOptions: options.maxConcurrency = max(1, options.maxConcurrency)
        case .queueIsUnbounded: options.queueCapacity = nil
        case .neverSamples: options.onSample = nil
        case .ignoresCancellingSignals: options.signals.cancelOn = []
        case .ignoresDeferringSignals: options.signals.deferOn = []
        case .defersForEver: options.signals.maxDeferAttempts = nil
        default: break
        }
        return options
    }

    func spoil(_ body: @escaping CoordinatorConformance.Body, victim: Victim) -> CoordinatorConformance.Body {
        { item in
            switch self {
            case .swapsNeighbours: try await body(item.isMultiple(of: 2) ? item - 1 : item + 1)
            case .completedBodiesAreCancelled:
                try await body(item)
                try Task.checkCancellation()
            default:
                do { try await body(item) } catch { try self.react(to: error, victim: victim) }
            }
        }
    }

    private func react(to error: any Error, victim: Victim) throws {
        switch self {
        case .errorsCloseIt: victim.finish()
        case .cancellationErrorsAreForgiven where error is CancellationError && !Task.isCancelled: return
        case .cancelledBodiesFail where error is CancellationError && Task.isCancelled: throw Excuse()
        case .failedBodiesAreCancelled where Task.isCancelled: throw CancellationError()
        default: break
        }
        throw error
    }
}
