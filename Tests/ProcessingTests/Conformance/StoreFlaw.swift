import Processing

/// What can be wrong with a store, and the checks that have to notice.
enum StoreFlaw: String, CaseIterable, Sendable {
    // Intake
    case forgetsTags, reversesBatches, ignoresDelays, delaysTooLong, ignoresIdempotency, remembersKeysForEver
    case takesAnySize, repairsRequests, storesOneByOne
    // Claims
    case ignoresPriorities, alwaysStrict, claimsFromEverywhere, peeks, takesOneMore, wakesNobody, waitsForEver
    case claimForgetsItsTask, handsOutTwice
    // Settlements
    case doneMeansReleased, attemptsDoNotCount, retriesAtOnce, triesForEver, forgetsErrors, releaseCounts
    case believesLateReports, reversesOutcomes
    // Leases
    case neverReaps, shortLeases, hidesAttempts, heartbeatsDoNothing, hidesWorkers
    // Dead letters
    case everyPageIsTheFirst, requeuesACopy, requeuesAll, discardDoesNothing, discardsAnyAge
    // Accounting
    case forgetsAges, reversesQueues, countsRunningOnesTwice
    // Critical operations
    case remembersDoneOnes, failureStartsARun, beginsAgain, claimsAnyway, runsNeverEnd, renewalDoesNothing
    case forgetsDoneOnes, failureIsForgotten, believesEarlierRuns
    case neverExpires, expiresDuringRuns, extensionDoesNothing, expiresTooSoon, listsAll
    // The end
    case alwaysHealthy, staysOpen

    /// The checks that fail on it, among others.
    var checks: [String] {
        switch self {
        case .forgetsTags: ["jobsComeBackAsTheyWereStored", "aBegunOperationIsBackedUpWithEverything"]
        case .reversesBatches: ["jobsOfAQueueAreClaimedInTheOrderOfStorage"]
        case .ignoresDelays: ["delayedJobsAreNeverEarly"]
        case .delaysTooLong: ["delayedJobsComeWhenTheirTimeHasCome"]
        case .ignoresIdempotency: ["oneIdempotencyKeyStoresOneJob"]
        case .remembersKeysForEver: ["idempotencyKeysAreForgottenAfterTheirWindow"]
        case .takesAnySize: ["oversizePayloadsAreRefused"]
        case .repairsRequests: ["wrongArgumentsAreRefused"]
        case .storesOneByOne: ["aBatchIsStoredAsAWholeOrNotAtAll"]
        case .ignoresPriorities: ["urgentJobsAreClaimedFirst"]
        case .alwaysStrict: ["aClaimDecidesInWhichOrderItLooks"]
        case .claimsFromEverywhere: ["aClaimLooksIntoItsQueuesOnly"]
        case .peeks: ["aClaimedJobIsNotClaimedAgain"]
        case .takesOneMore: ["aClaimTakesNoMoreThanItAsksFor"]
        case .wakesNobody: ["aWaitingClaimIsWokenByAJob", "aWaitingClaimGetsPromotedJobs"]
        case .waitsForEver: ["aWaitingClaimReturnsWithoutJobsInTheEnd"]
        case .claimForgetsItsTask: ["aCancelledClaimLosesNothing"]
        case .handsOutTwice: ["claimsOfManyNeverShareAJob"]
        case .doneMeansReleased: ["aDoneJobIsGone"]
        case .attemptsDoNotCount: ["aFailedAttemptIsCountedAndFollowedByAnother"]
        case .retriesAtOnce: ["aRetryIsNeverEarly"]
        case .triesForEver: ["theLastFailedAttemptMakesADeadLetter", "aJobThatKeepsLosingItsWorkersIsBuried"]
        case .forgetsErrors: ["aDeadLetterKeepsEverything", "aFailedOperationKeepsItsError"]
        case .releaseCounts: ["aReleasedJobComesBackWithoutAnAttempt"]
        case .believesLateReports:
            ["anAttemptEndsOnce", "aWorkerThatLostItsLeaseChangesNothing", "jobsAreConservedUnderLoad"]
        case .reversesOutcomes: ["reportsOfABatchAreAnsweredInOrder"]
        case .neverReaps: ["aJobOfALostWorkerComesBack"]
        case .shortLeases: ["leasesThatLastAreLeftAlone"]
        case .hidesAttempts: ["aLostLeaseCountsAsAnAttempt"]
        case .heartbeatsDoNothing: ["aHeartbeatExtendsLeases", "aHeartbeatTellsOfLostLeases"]
        case .hidesWorkers: ["heartbeatsShowWhoWorks"]
        case .everyPageIsTheFirst: ["deadLettersAreListedInPages"]
        case .requeuesACopy: ["aRequeuedDeadLetterStartsAnew"]
        case .requeuesAll: ["onlySelectedDeadLettersAreTouched"]
        case .discardDoesNothing: ["discardedDeadLettersAreGone"]
        case .discardsAnyAge: ["oldDeadLettersCanBeDiscarded"]
        case .forgetsAges: ["theStatusShowsWhereJobsAre"]
        case .reversesQueues: ["queuesAreKnownByTheirJobs"]
        case .countsRunningOnesTwice: ["jobsAreConservedInRandomUse", "jobsAreConservedUnderLoad"]
        case .remembersDoneOnes: ["aDoneOperationLeavesNothing"]
        case .failureStartsARun: ["aFailureCanBeBackedUpAfterwards"]
        case .beginsAgain: ["anOperationBeginsOnce"]
        case .claimsAnyway: ["anOperationUnderWayCannotBeClaimed", "oneOfManyClaimsAnOperation"]
        case .runsNeverEnd: ["anOperationCutOffCanBeClaimed"]
        case .renewalDoesNothing: ["aRenewedRunStaysUnderWay"]
        case .forgetsDoneOnes: ["aDoneOperationIsRemembered"]
        case .failureIsForgotten: ["aFurtherFailureIsCounted"]
        case .believesEarlierRuns: ["anEarlierRunChangesNothing"]
        case .neverExpires: ["anExpiredBackupLeavesNoGhost"]
        case .expiresDuringRuns: ["aBackupDoesNotExpireDuringARun"]
        case .extensionDoesNothing: ["aBackupCanBeKeptLonger"]
        case .expiresTooSoon: ["aBackupIsKeptForItsTime"]
        case .listsAll: ["backupsThatExpireSoonAreFound"]
        case .alwaysHealthy: ["aStoreThatWorksIsHealthy"]
        case .staysOpen: ["aClosedStoreRefusesEverything", "aShutdownEndsWaitingClaims"]
        }
    }
}
