internal import EphemeralTesting
internal import Processing

/// Every job is somewhere, and in one place only.
enum AccountingChecks {
    static let all = [places, knownQueues, randomUse, underLoad]

    static let places = StoreCheck(
        "theStatusShowsWhereJobsAre",
        "The status counts waiting jobs by priority, running, delayed, dead, done and all jobs, and the age of the oldest."
    ) { stage in
        try await stage.enqueue("dead", priority: .high)
        try await stage.bury()
        try await stage.enqueue("done", priority: .high)
        try await stage.settle(try await stage.claimOne(), .done)
        try await stage.enqueue("running", priority: .high)
        _ = try await stage.claimOne()
        try await stage.enqueue("delayed") { $0.delay = stage.unit * 100 }
        try await stage.enqueue("1", "2", priority: .low)
        try await stage.subject.advance(stage.unit * 2)
        let status = try await stage.status()
        try stage.require(status.waiting.filter { $0.value > 0 }, is: [.low: 2], "waiting jobs")
        let counts = [status.running, status.delayed, status.dead, status.done, status.enqueued, status.accounted]
        try stage.require(counts, is: [1, 1, 1, 1, 6, 6], "running, delayed, dead, done, enqueued, accounted jobs")
        try stage.require(Array(status.oldestWaiting.keys), is: [.low], "priorities with an oldest job")
        let age = status.oldestWaiting[.low] ?? .zero
        try stage.require(
            age >= stage.unit && age < stage.unit * 60,
            "the oldest job is \(age) old after \(stage.unit * 2)"
        )
    }

    static let knownQueues = StoreCheck(
        "queuesAreKnownByTheirJobs",
        "All queues that have had a job are listed, in order; a queue that never had one is shown as empty."
    ) { stage in
        try await stage.enqueue("1", in: "b")
        try await stage.enqueue("2", in: "a")
        try stage.require(try await stage.store.queues(), is: ["a", "b"], "queues")
        let status = try await stage.store.status(of: ["b", "nowhere"])
        try stage.require(status.map(\.queue), is: ["b", "nowhere"], "queues of the status")
        try stage.require(status.map(\.enqueued), is: [1, 0], "stored jobs")
    }

    static let randomUse = StoreCheck(
        "jobsAreConservedInRandomUse",
        "After every step of a random use, waiting, running, delayed, dead, done and discarded jobs add up to all jobs."
    ) { stage in
        var model = StoreModel(stage: stage, seed: 42)
        for step in 0..<400 {
            let action = try await model.step()
            let status = try await stage.status()
            try stage.require(
                status.accounted == status.enqueued,
                "after step \(step), \(action): \(status.accounted) jobs are accounted for of \(status.enqueued)"
            )
            try stage.require(status.done, is: model.done, "jobs done after step \(step), \(action)")
            try stage.require(status.enqueued, is: model.enqueued, "jobs stored after step \(step), \(action)")
        }
    }

    static let underLoad = StoreCheck(
        "jobsAreConservedUnderLoad",
        "While many store, claim, settle and lose jobs, every reading adds up, and in the end each job is done once or dead."
    ) { stage in
        let load = StoreLoad(stage: stage, seed: 7)
        try await load.run(producers: 2, workers: 4, jobs: 300)
        let status = try await stage.status()
        try stage.require(status.enqueued, is: 300, "stored jobs")
        try stage.require(status.done + status.dead, is: 300, "jobs done or dead in the end")
        try stage.require(load.commits.values.filter { $0 > 1 }.count, is: 0, "jobs done more than once")
        try stage.require(load.commits.count, is: status.done, "jobs that were reported done with success")
    }
}
