internal import Processing

/// The ends of attempts.
enum SettlementChecks {
    static let all = [done, retry, retryInTime, lastAttempt, buried, released, twice, batch]

    static let done = StoreCheck(
        "aDoneJobIsGone",
        "A job that is done is counted as done and nowhere else."
    ) { stage in
        try await stage.enqueue("1")
        try stage.require(try await stage.settle(try await stage.claimOne(), .done), is: .done, "the outcome")
        let status = try await stage.status()
        try stage.require(status.done, is: 1, "done jobs")
        try stage.require(status.running + status.totalWaiting + status.delayed + status.dead, is: 0, "other jobs")
    }

    static let retry = StoreCheck(
        "aFailedAttemptIsCountedAndFollowedByAnother",
        "After a failed attempt the same job comes back with one attempt more behind it."
    ) { stage in
        let id = try await stage.enqueue("1") { $0.maxAttempts = 3 }[0].id
        let outcome = try await stage.settle(
            try await stage.claimOne(),
            .retry(after: stage.unit, error: "busy")
        )
        try stage.require(outcome, is: .delayed, "the outcome")
        try await stage.advance(2)
        let again = try await stage.claimOne()
        try stage.require(again.job.id, is: id, "the job")
        try stage.require(again.job.attempts, is: 1, "attempts behind it")
        try stage.require(again.job.name, is: "1", "its payload")
        try stage.require(try await stage.status().retried, is: 1, "the counter of retries")
    }

    static let retryInTime = StoreCheck(
        "aRetryIsNeverEarly",
        "Before the pause after a failed attempt has passed, the job cannot be claimed."
    ) { stage in
        try await stage.enqueue("1")
        try await stage.settle(try await stage.claimOne(), .retry(after: stage.unit * 20, error: "busy"))
        try await stage.advance(3)
        try stage.require(try await stage.claim().names, is: [], "jobs claimed during the pause")
        try stage.require(try await stage.status().delayed, is: 1, "delayed jobs")
    }

    static let lastAttempt = StoreCheck(
        "theLastFailedAttemptMakesADeadLetter",
        "A job whose last attempt fails becomes a dead letter with its error, even when a retry is reported."
    ) { stage in
        try await stage.enqueue("1") { $0.maxAttempts = 2 }
        try await stage.settle(try await stage.claimOne(), .retry(after: .zero, error: "busy"))
        try await stage.advance(1)
        let outcome = try await stage.settle(try await stage.claimOne(), .retry(after: .zero, error: "still busy"))
        try stage.require(outcome, is: .buried, "the outcome")
        let letters = try await stage.deadLetters()
        try stage.require(letters.map(\.reason), is: [.attemptsExhausted], "reasons of dead letters")
        try stage.require(letters.map(\.error), is: ["still busy"], "errors of dead letters")
        try stage.require(letters.map(\.job.attempts), is: [2], "attempts of dead letters")
    }

    static let buried = StoreCheck(
        "aDeadLetterKeepsEverything",
        "A job that is buried keeps its payload exactly, its reason, its error, its worker and its attempts."
    ) { stage in
        let payload: [UInt8] = [0x7B, 0xFF, 0x00, 0x22]
        let request = JobRequest(operation: "send", payload: payload, tags: ["a:1"])
        _ = try await stage.store.enqueue([request], in: stage.queue)
        let outcome = try await stage.settle(
            try await stage.claimOne(),
            .bury(.malformedPayload, error: "no JSON: \"{\u{0}")
        )
        try stage.require(outcome, is: .buried, "the outcome")
        guard let letter = try await stage.deadLetters().first else { throw stage.failure("there is no dead letter") }
        try stage.require(letter.job.payload, is: payload, "the payload")
        try stage.require(letter.job.id, is: request.id, "the job")
        try stage.require(letter.job.tags, is: ["a:1"], "the tags")
        try stage.require(letter.reason, is: .malformedPayload, "the reason")
        try stage.require(letter.error, is: "no JSON: \"{\u{0}", "the error")
        try stage.require(letter.worker, is: stage.worker, "the worker")
        try stage.require(letter.job.attempts, is: 1, "attempts")
        try stage.require(try await stage.claim().names, is: [], "jobs that can be claimed")
    }

    static let released = StoreCheck(
        "aReleasedJobComesBackWithoutAnAttempt",
        "A released job can be claimed at once and no attempt is counted."
    ) { stage in
        try await stage.enqueue("1") { $0.maxAttempts = 1 }
        try stage.require(try await stage.settle(try await stage.claimOne(), .release), is: .released, "the outcome")
        let again = try await stage.claimOne()
        try stage.require(again.job.attempts, is: 0, "attempts behind it")
        try stage.require(again.job.maxAttempts, is: 1, "attempts it may have")
    }

    static let twice = StoreCheck(
        "anAttemptEndsOnce",
        "A second report on an attempt finds the lease lost and changes nothing."
    ) { stage in
        try await stage.enqueue("1")
        let job = try await stage.claimOne()
        try await stage.settle(job, .done)
        for verdict in [JobVerdict.done, .retry(after: .zero, error: "busy"), .bury(.refused, error: "no"), .release] {
            try stage.require(try await stage.settle(job, verdict), is: .leaseLost, "the outcome of a second report")
        }
        let status = try await stage.status()
        try stage.require(
            [status.done, status.accounted, status.enqueued],
            is: [1, 1, 1],
            "done, accounted, enqueued"
        )
    }

    static let batch = StoreCheck(
        "reportsOfABatchAreAnsweredInOrder",
        "Reports may be of several queues; each is answered in its place, lost leases among them."
    ) { stage in
        try await stage.enqueue("1", "2", in: "a")
        try await stage.enqueue("3", in: "b")
        let jobs = try await stage.claim(3, from: ["a", "b"])
        try stage.require(jobs.count, is: 3, "claimed jobs")
        var lost = jobs[0].lease
        lost.token = .next()
        let outcomes = try await stage.store.settle([
            JobSettlement(jobs[2].lease, .done),
            JobSettlement(lost, .done),
            JobSettlement(jobs[1].lease, .release),
            JobSettlement(jobs[0].lease, .bury(.refused, error: "no")),
        ])
        try stage.require(outcomes, is: [.done, .leaseLost, .released, .buried], "outcomes")
    }
}
