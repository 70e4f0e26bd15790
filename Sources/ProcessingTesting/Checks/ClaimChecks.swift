internal import Processing

/// Claiming jobs, and waiting for them.
enum ClaimChecks {
    static let all = [
        priorities, orderOfTheRequest, queuesInOrder, onlyOnce, atMost, woken, patienceEnds, wokenByTime, cancelled,
        crowd,
    ]

    static let priorities = StoreCheck(
        "urgentJobsAreClaimedFirst",
        "A claim takes jobs of high priority before those of normal, and these before those of low priority."
    ) { stage in
        try await stage.enqueue("low", priority: .low)
        try await stage.enqueue("normal", priority: .normal)
        try await stage.enqueue("high", priority: .high)
        try stage.require(try await stage.claim(2).names, is: ["high", "normal"], "jobs of the first claim")
        try await stage.enqueue("higher", priority: .high)
        try stage.require(try await stage.claim(2).names, is: ["higher", "low"], "jobs of the second claim")
    }

    static let orderOfTheRequest = StoreCheck(
        "aClaimDecidesInWhichOrderItLooks",
        "A claim that names the priorities in another order looks in that order."
    ) { stage in
        try await stage.enqueue("low", priority: .low)
        try await stage.enqueue("high", priority: .high)
        let jobs = try await stage.claim(2) { $0.priorities = [.low, .normal, .high] }
        try stage.require(jobs.names, is: ["low", "high"], "claimed jobs")
    }

    static let queuesInOrder = StoreCheck(
        "aClaimLooksIntoItsQueuesOnly",
        "Only jobs of the named queues are claimed, urgent ones of any before less urgent ones of the others."
    ) { stage in
        try await stage.enqueue("a normal", in: "a")
        try await stage.enqueue("b high", in: "b", priority: .high)
        try await stage.enqueue("b normal", in: "b")
        try await stage.enqueue("c high", in: "c", priority: .high)
        let jobs = try await stage.claim(9, from: ["a", "b"])
        try stage.require(jobs.names, is: ["b high", "a normal", "b normal"], "claimed jobs")
    }

    static let onlyOnce = StoreCheck(
        "aClaimedJobIsNotClaimedAgain",
        "While a lease is held, nobody else gets the job."
    ) { stage in
        try await stage.enqueue("1")
        let claimed = try await stage.claimOne()
        try stage.require(try await stage.claim().names, is: [], "jobs of a second claim")
        try stage.require(try await stage.status().running, is: 1, "running jobs")
        try await stage.settle(claimed, .done)
        try stage.require(try await stage.claim().names, is: [], "jobs claimed after the end")
    }

    static let atMost = StoreCheck(
        "aClaimTakesNoMoreThanItAsksFor",
        "A claim returns at most as many jobs as it asks for, whatever their priorities; the others keep waiting."
    ) { stage in
        for priority in JobPriority.allCases { try await stage.enqueue("1", "2", priority: priority) }
        try stage.require(try await stage.claim(1).count, is: 1, "jobs of a claim of 1")
        try stage.require(try await stage.claim(3).count, is: 3, "jobs of a claim of 3")
        let status = try await stage.status()
        try stage.require(status.totalWaiting, is: 2, "waiting jobs")
        try stage.require(status.running, is: 4, "running jobs")
    }

    static let woken = StoreCheck(
        "aWaitingClaimIsWokenByAJob",
        "A claim that waits returns a job as soon as one is stored."
    ) { stage in
        let claim = Task { try await stage.claim(5) { $0.patience = stage.unit * 1000 } }
        try await stage.subject.untilWaiting()
        try await stage.enqueue("1")
        let answer = try await stage.answer(of: "a waiting claim, after a job was stored,", claim)
        try stage.require(try answer.get().names, is: ["1"], "claimed jobs")
    }

    static let patienceEnds = StoreCheck(
        "aWaitingClaimReturnsWithoutJobsInTheEnd",
        "A claim that waits returns no jobs when its patience is at its end; without patience it does not wait."
    ) { stage in
        try stage.require(try await stage.claim().names, is: [], "jobs of an empty queue")
        let claim = Task { try await stage.claim { $0.patience = stage.unit } }
        try await stage.subject.untilWaiting()
        try await stage.subject.advance(stage.unit * 2)
        let answer = try await stage.answer(of: "a claim whose patience is at its end", claim)
        try stage.require(try answer.get().names, is: [], "claimed jobs")
    }

    static let wokenByTime = StoreCheck(
        "aWaitingClaimGetsPromotedJobs",
        "A claim that waits returns a delayed job when its time has come and due jobs are promoted."
    ) { stage in
        try await stage.enqueue("later") { $0.delay = stage.unit * 2 }
        let claim = Task { try await stage.claim { $0.patience = stage.unit * 1000 } }
        try await stage.subject.untilWaiting()
        try await stage.advance(3)
        let answer = try await stage.answer(of: "a waiting claim, after a job became due,", claim)
        try stage.require(try answer.get().names, is: ["later"], "claimed jobs")
    }

    static let cancelled = StoreCheck(
        "aCancelledClaimLosesNothing",
        "A claim that waits and is cancelled throws CancellationError; jobs stored later can be claimed."
    ) { stage in
        let claim = Task { try await stage.claim { $0.patience = stage.unit * 1000 } }
        try await stage.subject.untilWaiting()
        claim.cancel()
        switch try await stage.answer(of: "a cancelled claim", claim) {
        case .success(let jobs): throw stage.failure("a cancelled claim returned \(jobs.count) jobs")
        case .failure(let error):
            try stage.require(error is CancellationError, "a cancelled claim threw \(error)")
        }
        try await stage.enqueue("1")
        try stage.require(try await stage.claim().names, is: ["1"], "jobs claimed afterwards")
    }

    static let crowd = StoreCheck(
        "claimsOfManyNeverShareAJob",
        "However many claim at once, every job is handed out once."
    ) { stage in
        let count = 200
        _ = try await stage.store.enqueue((0..<count).map { stage.request("\($0)") }, in: stage.queue)
        let names = try await withThrowingTaskGroup(of: [String].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var names: [String] = []
                    while true {
                        let jobs = try await stage.claim(1 + worker % 3)
                        if jobs.isEmpty { return names }
                        names += jobs.names
                    }
                }
            }
            return try await group.reduce([], +)
        }
        try stage.require(names.count, is: count, "claims of \(count) jobs")
        try stage.require(Set(names).count, is: count, "different jobs among them")
    }
}
