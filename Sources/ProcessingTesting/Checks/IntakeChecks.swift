internal import Processing

/// Storing jobs.
enum IntakeChecks {
    static let all = [
        allFields, batches, delays, delayedDue, idempotency, idempotencyWindow, oversize, wrongArguments, allOrNone,
    ]

    static let allFields = StoreCheck(
        "jobsComeBackAsTheyWereStored",
        "A claimed job has the identity, operation, payload, priority, tags and attempts of its request."
    ) { stage in
        let payload: [UInt8] = [0, 255, 10, 13, 34, 92, 0xF0, 0x9F]
        let request = JobRequest(
            operation: "render ✓",
            payload: payload,
            priority: .low,
            maxAttempts: 7,
            tags: ["customer:42", "a\"b", ""]
        )
        let receipts = try await stage.store.enqueue([request], in: "reports/q1")
        try stage.require(receipts, is: [JobReceipt(id: request.id, isDuplicate: false)], "receipts")
        let jobs = try await stage.claim(5, from: ["reports/q1"])
        guard let job = jobs.first?.job else { throw stage.failure("the job could not be claimed") }
        var expected = Job(request, queue: "reports/q1", enqueuedAt: job.enqueuedAt)
        expected.attempts = 0
        try stage.require(job, is: expected, "the job")
        try stage.require(jobs[0].lease.job, is: request.id, "the job of the lease")
        try stage.require(jobs[0].lease.queue, is: "reports/q1", "the queue of the lease")
    }

    static let batches = StoreCheck(
        "jobsOfAQueueAreClaimedInTheOrderOfStorage",
        "Jobs of one queue and priority are claimed in the order in which they were stored, batches included."
    ) { stage in
        try await stage.enqueue("1", "2", "3")
        try await stage.enqueue("4")
        try await stage.enqueue("5", "6")
        let first = try await stage.claim(4)
        let second = try await stage.claim(4)
        try stage.require(first.names + second.names, is: ["1", "2", "3", "4", "5", "6"], "claimed jobs")
    }

    static let delays = StoreCheck(
        "delayedJobsAreNeverEarly",
        "A job with a delay cannot be claimed before its time, and is shown as delayed."
    ) { stage in
        try await stage.enqueue("later") { $0.delay = stage.unit * 20 }
        try await stage.advance(3)
        try stage.require(try await stage.claim(2).names, is: [], "jobs claimed before their time")
        try stage.require(try await stage.status().delayed, is: 1, "delayed jobs")
    }

    static let delayedDue = StoreCheck(
        "delayedJobsComeWhenTheirTimeHasCome",
        "A job whose delay has passed can be claimed after due jobs were promoted."
    ) { stage in
        // In one call, so that the delays begin at the same time also where time does not stand still.
        let second = stage.request("second") { $0.delay = stage.unit * 3 }
        let first = stage.request("first") { $0.delay = stage.unit * 2 }
        _ = try await stage.store.enqueue([second, first], in: stage.queue)
        try await stage.advance(4)
        try stage.require(try await stage.claim(5).names, is: ["first", "second"], "jobs claimed after their time")
        try stage.require(try await stage.status().delayed, is: 0, "delayed jobs")
    }

    static let idempotency = StoreCheck(
        "oneIdempotencyKeyStoresOneJob",
        "A second request under an idempotency key is answered with the first job, even when that is done."
    ) { stage in
        let key = JobRequest.Idempotency("order-7", window: stage.unit * 100)
        let first = try await stage.enqueue("1") { $0.idempotency = key }
        let second = try await stage.enqueue("2") { $0.idempotency = key }
        try stage.require(second, is: [JobReceipt(id: first[0].id, isDuplicate: true)], "the second receipt")
        try await stage.settle(try await stage.claimOne(), .done)
        let third = try await stage.enqueue("3") { $0.idempotency = key }
        try stage.require(third, is: second, "the receipt after the job was done")
        let elsewhere = try await stage.enqueue("4", in: "other") { $0.idempotency = key }
        try stage.require(elsewhere.map(\.isDuplicate), is: [false], "duplicates in another queue")
        try stage.require(try await stage.status().enqueued, is: 1, "stored jobs")
    }

    static let idempotencyWindow = StoreCheck(
        "idempotencyKeysAreForgottenAfterTheirWindow",
        "When the window of an idempotency key has passed, a further request under it stores a job."
    ) { stage in
        let key = JobRequest.Idempotency("order-7", window: stage.unit * 2)
        try await stage.enqueue("1") { $0.idempotency = key }
        try await stage.advance(3)
        let later = try await stage.enqueue("2") { $0.idempotency = key }
        try stage.require(later.map(\.isDuplicate), is: [false], "duplicates after the window")
        try stage.require(try await stage.claim(5).names, is: ["1", "2"], "claimed jobs")
    }

    static let oversize = StoreCheck(
        "oversizePayloadsAreRefused",
        "A payload of the largest size is stored; one byte more is refused with payloadTooLarge."
    ) { stage in
        let limit = stage.store.maxPayloadBytes
        let largest = JobRequest(operation: "send", payload: [UInt8](repeating: 7, count: limit))
        _ = try await stage.store.enqueue([largest], in: stage.queue)
        try await stage.require(.payloadTooLarge, "a payload of \(limit + 1) bytes") {
            let tooLarge = JobRequest(operation: "send", payload: [UInt8](repeating: 7, count: limit + 1))
            _ = try await stage.store.enqueue([tooLarge], in: stage.queue)
        }
        try stage.require(try await stage.claimOne().job.payload.count, is: limit, "bytes of the claimed payload")
    }

    static let wrongArguments = StoreCheck(
        "wrongArgumentsAreRefused",
        "Requests and claims outside their range are refused with invalidArgument."
    ) { stage in
        let changes: [(String, @Sendable (inout JobRequest) -> Void)] = [
            ("maxAttempts 0", { $0.maxAttempts = 0 }),
            ("a negative delay", { $0.delay = .seconds(-1) }),
            ("a name with a zero byte", { $0.operation = "a\u{0}b" }),
            ("an empty idempotency key", { $0.idempotency = .init("") }),
        ]
        for (what, change) in changes {
            try await stage.require(.invalidArgument, what) { try await stage.enqueue("x", configure: change) }
        }
        try await stage.require(.invalidArgument, "a queue without a name") { try await stage.enqueue("x", in: "") }
        try await stage.require(.invalidArgument, "a claim of 0 jobs") { _ = try await stage.claim(0) }
    }

    static let allOrNone = StoreCheck(
        "aBatchIsStoredAsAWholeOrNotAtAll",
        "When one request of a batch is refused, none of the batch is stored."
    ) { stage in
        let batch = [stage.request("good"), stage.request("bad") { $0.maxAttempts = 0 }]
        try await stage.require(.invalidArgument, "a batch with a request that is refused") {
            _ = try await stage.store.enqueue(batch, in: stage.queue)
        }
        try stage.require(try await stage.claim(5).names, is: [], "claimed jobs")
        try stage.require(try await stage.status().enqueued, is: 0, "stored jobs")
    }
}
