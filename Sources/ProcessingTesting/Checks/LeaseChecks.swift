internal import Processing

/// Leases: how they end, and what they protect.
enum LeaseChecks {
    static let all = [expired, liveOnes, counted, poison, fenced, heartbeat, lostLease, workers]

    static let expired = StoreCheck(
        "aJobOfALostWorkerComesBack",
        "A job whose lease has run out can be claimed again after the expired leases were reaped."
    ) { stage in
        let id = try await stage.enqueue("1")[0].id
        _ = try await stage.claimOne(lease: stage.unit * 2)
        try await stage.advance(3)
        let report = try await stage.reap(lease: stage.unit * 2)
        try stage.require(report, is: ReapReport(returned: [id]), "the report")
        try await stage.advance(0)
        try stage.require(try await stage.claimOne().job.id, is: id, "the job")
    }

    static let liveOnes = StoreCheck(
        "leasesThatLastAreLeftAlone",
        "Reaping does not touch leases that have not run out."
    ) { stage in
        try await stage.enqueue("1")
        let job = try await stage.claimOne(lease: stage.unit * 50)
        try await stage.advance(2)
        try stage.require(try await stage.reap(lease: stage.unit * 50), is: ReapReport(), "the report")
        try stage.require(try await stage.settle(job, .done), is: .done, "the outcome of the attempt")
    }

    static let counted = StoreCheck(
        "aLostLeaseCountsAsAnAttempt",
        "A job whose lease ran out comes back with one attempt more behind it."
    ) { stage in
        try await stage.enqueue("1") { $0.maxAttempts = 3 }
        _ = try await stage.claimOne(lease: stage.unit)
        try await stage.advance(2)
        try await stage.reap(lease: stage.unit)
        try await stage.advance(0)
        try stage.require(try await stage.claimOne().job.attempts, is: 1, "attempts behind it")
        try stage.require(try await stage.status().expiredLeases, is: 1, "the counter of expired leases")
    }

    static let poison = StoreCheck(
        "aJobThatKeepsLosingItsWorkersIsBuried",
        "When the lease of the last attempt runs out, the job becomes a dead letter with that reason."
    ) { stage in
        let id = try await stage.enqueue("poison") { $0.maxAttempts = 1 }[0].id
        _ = try await stage.claimOne(lease: stage.unit)
        try await stage.advance(2)
        try stage.require(try await stage.reap(lease: stage.unit), is: ReapReport(buried: [id]), "the report")
        try stage.require(try await stage.deadLetters().map(\.reason), is: [.leaseExpired], "reasons of dead letters")
        try await stage.advance(1)
        try stage.require(try await stage.claim().names, is: [], "jobs that can be claimed")
    }

    static let fenced = StoreCheck(
        "aWorkerThatLostItsLeaseChangesNothing",
        "Reports under a lease that was reaped are refused, also while somebody else works on the job."
    ) { stage in
        try await stage.enqueue("1") { $0.maxAttempts = 5 }
        let lost = try await stage.claimOne(lease: stage.unit)
        try await stage.advance(2)
        try await stage.reap(lease: stage.unit)
        try await stage.advance(0)
        try stage.require(try await stage.settle(lost, .done), is: .leaseLost, "a late report before the next claim")
        let present = try await stage.claimOne()
        for verdict in [JobVerdict.done, .retry(after: .zero, error: "late"), .bury(.refused, error: "late"), .release]
        {
            try stage.require(try await stage.settle(lost, verdict), is: .leaseLost, "the outcome of a late report")
        }
        try stage.require(try await stage.status().running, is: 1, "running jobs")
        try stage.require(try await stage.settle(present, .done), is: .done, "the outcome of the present attempt")
        try stage.require(try await stage.status().done, is: 1, "done jobs")
    }

    static let heartbeat = StoreCheck(
        "aHeartbeatExtendsLeases",
        "A lease that is extended in time does not run out, however long the job takes."
    ) { stage in
        try await stage.enqueue("1", "2")
        let lease = stage.unit * 20
        let jobs = try await stage.claim(2, lease: lease)
        for _ in 0..<3 {
            try await stage.advance(12)
            let heartbeat = Heartbeat(
                worker: stage.worker,
                queues: [stage.queue],
                leases: jobs.map(\.lease),
                lease: lease
            )
            try stage.require(try await stage.store.heartbeat(heartbeat), is: [], "lost leases")
        }
        try stage.require(try await stage.reap(lease: lease), is: ReapReport(), "the report of reaping")
        try stage.require(try await stage.settle(jobs[0], .done), is: .done, "the outcome of the attempt")
    }

    static let lostLease = StoreCheck(
        "aHeartbeatTellsOfLostLeases",
        "A heartbeat answers with the leases that are lost, and does not bring them back."
    ) { stage in
        try await stage.enqueue("1", "2") { $0.maxAttempts = 5 }
        let jobs = try await stage.claim(2, lease: stage.unit)
        try stage.require(jobs.count, is: 2, "claimed jobs")
        try await stage.settle(jobs[0], .done)
        try await stage.advance(2)
        try await stage.reap(lease: stage.unit)
        try await stage.advance(0)
        let again = try await stage.claimOne()
        let leases = jobs.map(\.lease) + [again.lease]
        let heartbeat = Heartbeat(worker: stage.worker, queues: [stage.queue], leases: leases, lease: stage.unit * 50)
        try stage.require(try await stage.store.heartbeat(heartbeat), is: jobs.map(\.lease), "lost leases")
        try stage.require(try await stage.settle(again, .done), is: .done, "the outcome of the present attempt")
    }

    static let workers = StoreCheck(
        "heartbeatsShowWhoWorks",
        "A worker that sends heartbeats is shown in the status of its queues, and how long ago it was heard of."
    ) { stage in
        let heartbeat = Heartbeat(worker: stage.worker, queues: [stage.queue], leases: [], lease: stage.unit)
        try stage.require(try await stage.store.heartbeat(heartbeat), is: [], "lost leases")
        try await stage.subject.advance(stage.unit * 3)
        let workers = try await stage.status().workers
        try stage.require(Array(workers.keys), is: [stage.worker], "workers")
        let age = workers[stage.worker] ?? .zero
        try stage.require(age >= stage.unit * 2, "the worker was heard of \(age) ago after \(stage.unit * 3)")
    }
}
