internal import Processing

/// Looking at dead letters, and mending or removing them.
enum DeadLetterChecks {
    static let all = [pages, requeue, selections, discard, age]

    /// Makes dead letters of jobs with these names, of two processors in turn.
    private static func deadLetters(_ names: String..., on stage: StoreStage) async throws -> [JobID] {
        var ids: [JobID] = []
        for (number, name) in names.enumerated() {
            ids += try await stage.enqueue(name) { $0.operation = number.isMultiple(of: 2) ? "even" : "odd" }.map(\.id)
            try await stage.bury()
        }
        return ids
    }

    static let pages = StoreCheck(
        "deadLettersAreListedInPages",
        "Dead letters are listed oldest first, and a page goes on after the last one of the page before."
    ) { stage in
        let ids = try await deadLetters("1", "2", "3", "4", "5", on: stage)
        let first = try await stage.store.deadLetters(in: stage.queue, after: nil, limit: 2)
        try stage.require(first.map(\.job.id), is: Array(ids[..<2]), "the first page")
        let second = try await stage.store.deadLetters(in: stage.queue, after: ids[1], limit: 2)
        try stage.require(second.map(\.job.id), is: Array(ids[2..<4]), "the second page")
        let last = try await stage.store.deadLetters(in: stage.queue, after: ids[3], limit: 2)
        try stage.require(last.map(\.job.id), is: [ids[4]], "the last page")
        try stage.require(try await stage.store.deadLetters(in: "other", after: nil, limit: 9), is: [], "another queue")
    }

    static let requeue = StoreCheck(
        "aRequeuedDeadLetterStartsAnew",
        "A dead letter that is requeued waits again, as the same job with no attempt behind it, and is listed no more."
    ) { stage in
        let id = try await deadLetters("1", on: stage)[0]
        let requeued = try await stage.store.requeueDeadLetters(.jobs([id, .next()]), in: stage.queue)
        try stage.require(requeued, is: [id], "requeued jobs")
        try stage.require(try await stage.deadLetters(), is: [], "dead letters")
        let job = try await stage.claimOne().job
        try stage.require(job.id, is: id, "the job")
        try stage.require(job.attempts, is: 0, "attempts behind it")
        try stage.require(job.name, is: "1", "its payload")
        let again = try await stage.store.requeueDeadLetters(.jobs([id]), in: stage.queue)
        try stage.require(again, is: [], "jobs requeued a second time")
    }

    static let selections = StoreCheck(
        "onlySelectedDeadLettersAreTouched",
        "Dead letters are requeued by job, by processor or all; the others stay."
    ) { stage in
        let ids = try await deadLetters("1", "2", "3", "4", on: stage)
        let odd = try await stage.store.requeueDeadLetters(.operation("odd"), in: stage.queue)
        try stage.require(odd, is: [ids[1], ids[3]], "jobs requeued by processor")
        try stage.require(try await stage.deadLetters().map(\.job.id), is: [ids[0], ids[2]], "dead letters left")
        let rest = try await stage.store.requeueDeadLetters(.all, in: stage.queue)
        try stage.require(rest, is: [ids[0], ids[2]], "jobs requeued at last")
        try stage.require(try await stage.claim(9).count, is: 4, "claimed jobs")
    }

    static let discard = StoreCheck(
        "discardedDeadLettersAreGone",
        "A dead letter that is discarded is listed no more, comes back no more, and is counted as discarded."
    ) { stage in
        let ids = try await deadLetters("1", "2", on: stage)
        let discarded = try await stage.store.discardDeadLetters(.jobs([ids[0]]), in: stage.queue)
        try stage.require(discarded, is: [ids[0]], "discarded jobs")
        try stage.require(try await stage.deadLetters().map(\.job.id), is: [ids[1]], "dead letters left")
        try stage.require(
            try await stage.store.requeueDeadLetters(.all, in: stage.queue),
            is: [ids[1]],
            "requeued jobs"
        )
        let status = try await stage.status()
        try stage.require([status.discarded, status.dead], is: [1, 0], "discarded and dead jobs")
        try stage.require(status.accounted, is: status.enqueued, "accounted jobs")
    }

    static let age = StoreCheck(
        "oldDeadLettersCanBeDiscarded",
        "Discarding by age removes those that have been dead for longer, and no others."
    ) { stage in
        let old = try await deadLetters("old", on: stage)
        try await stage.advance(20)
        let young = try await deadLetters("young", on: stage)
        let discarded = try await stage.store.discardDeadLetters(.olderThan(stage.unit * 10), in: stage.queue)
        try stage.require(discarded, is: old, "discarded jobs")
        try stage.require(try await stage.deadLetters().map(\.job.id), is: young, "dead letters left")
    }
}
