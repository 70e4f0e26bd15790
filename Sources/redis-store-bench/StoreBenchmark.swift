internal import EphemeralTime
internal import Processing
internal import ProcessingRedis

/// Rates and times of a store, one after the other, each printed as it comes.
struct StoreBenchmark: Sendable {
    let store: RedisProcessingStore
    let jobs: Int
    private let time = SystemTimeSource()
    /// 200 bytes of JSON, as a job may have.
    private let payload = Array("{\"order\":4711,\"note\":\"\(String(repeating: "x", count: 177))\"}".utf8)

    init(store: RedisProcessingStore, jobs: Int) {
        (self.store, self.jobs) = (store, jobs)
    }

    @concurrent
    func run() async throws {
        for round in 1...3 {
            try await rate("enqueue, 64 callers, round \(round)", of: jobs) {
                try await enqueue(in: "one", callers: 64)
            }
            try await rate("execute, 16 workers, one claim each, round \(round)", of: jobs) {
                try await execute("one", batch: 1)
            }
            try await enqueue(in: "many", callers: 64)
            try await rate("execute, 16 workers, claims of 16, round \(round)", of: jobs) {
                try await execute("many", batch: 16)
            }
        }
        try await startsWhenIdle()
        try await backups()
    }

    private func rate(_ what: String, of count: Int, _ body: () async throws -> Void) async throws {
        let start = time.now
        try await body()
        let duration = start.duration(to: time.now)
        print("\(what): \(Int(Double(count) / (duration / .seconds(1)))) per second")
    }

    private func enqueue(in queue: String, callers: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                let share = jobs / callers + (caller < jobs % callers ? 1 : 0)
                group.addTask {
                    for _ in 0..<share {
                        _ = try await store.enqueue([JobRequest(operation: "bench", payload: payload)], in: queue)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func execute(_ queue: String, batch: Int) async throws {
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { try await work(on: queue, batch: batch) } }
            return try await group.reduce(0, +)
        }
        guard done == jobs else { throw ProcessingError(code: .notFound, message: "\(done) jobs were done of \(jobs)") }
    }

    private func work(on queue: String, batch: Int) async throws -> Int {
        let request = ClaimRequest(worker: .next(), queues: [queue], count: batch, lease: .seconds(60))
        var count = 0
        while true {
            let claimed = try await store.claim(request)
            if claimed.isEmpty { return count }
            let outcomes = try await store.settle(claimed.map { JobSettlement($0.lease, .done) })
            count += outcomes.filter { $0 == .done }.count
        }
    }

    /// From the call of enqueue until a claim that waited has the job.
    private func startsWhenIdle() async throws {
        var request = ClaimRequest(worker: .next(), queues: ["idle"], count: 1, lease: .seconds(60))
        request.patience = .seconds(60)
        var times: [Duration] = []
        for _ in 0..<300 {
            let claim = Task { [request] in
                let claimed = try await store.claim(request)
                return (claimed, time.now)
            }
            // Long enough for the claim to wait at the server.
            try await time.sleep(for: .milliseconds(5))
            let start = time.now
            _ = try await store.enqueue([JobRequest(operation: "bench", payload: payload)], in: "idle")
            let (claimed, end) = try await claim.value
            times.append(start.duration(to: end))
            _ = try await store.settle(claimed.map { JobSettlement($0.lease, .done) })
        }
        show("enqueue to start when idle", times)
    }

    /// The write-ahead backup of a critical operation, and its removal.
    private func backups() async throws {
        var times: [Duration] = []
        for _ in 0..<500 {
            let start = time.now
            let request = EmergencyRequest(operation: "bench", payload: payload)
            let token = try await store.beginEmergency(request)
            _ = try await store.resolveEmergency(request.id, token: token, remembering: .zero)
            times.append(start.duration(to: time.now))
        }
        show("backup and removal, 2 round trips", times)
    }

    private func show(_ what: String, _ times: [Duration]) {
        let sorted = times.sorted()
        let figures = [("p50", 0.5), ("p99", 0.99)].map { name, share in
            "\(name) \(Int(sorted[Int(Double(sorted.count - 1) * share)] / .microseconds(1))) us"
        }
        print("\(what): \(figures.joined(separator: ", "))")
    }
}
