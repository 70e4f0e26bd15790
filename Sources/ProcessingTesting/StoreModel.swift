internal import EphemeralTesting
internal import EphemeralTime
internal import Processing

/// A random use of a queue by one caller, which knows what must come of it.
struct StoreModel {
    let stage: StoreStage
    private var random: SplitMix64
    private var held: [ClaimedJob] = []
    private(set) var enqueued = 0
    private(set) var done = 0

    init(stage: StoreStage, seed: UInt64) {
        self.stage = stage
        random = SplitMix64(seed: seed)
    }

    /// Does something.
    ///
    /// - Returns: What it was.
    mutating func step() async throws -> String {
        switch random.next(below: 10) {
        case 0, 1, 2: return try await enqueue()
        case 3, 4: return try await claim()
        case 5, 6, 7: return try await settle()
        case 8:
            try await stage.advance(random.next(below: 4))
            return "the passing of time"
        default: return try await repair()
        }
    }

    private mutating func enqueue() async throws -> String {
        let priority = JobPriority.allCases[random.next(below: 3)]
        let (delay, attempts) = (random.next(below: 4), 1 + random.next(below: 3))
        let names = (0...random.next(below: 3)).map { "\(enqueued + $0)" }
        let requests = names.map { name in
            stage.request(name, priority) {
                $0.delay = stage.unit * max(0, delay - 1)
                $0.maxAttempts = attempts
            }
        }
        _ = try await stage.store.enqueue(requests, in: stage.queue)
        enqueued += names.count
        return "enqueue"
    }

    private mutating func claim() async throws -> String {
        held += try await stage.claim(1 + random.next(below: 4), lease: stage.unit * (1 + random.next(below: 4)))
        return "claim"
    }

    private mutating func settle() async throws -> String {
        guard !held.isEmpty else { return "nothing" }
        let job = held.remove(at: random.next(below: held.count))
        let verdict: JobVerdict =
            switch random.next(below: 6) {
            case 0, 1: .done
            case 2, 3: .retry(after: stage.unit * random.next(below: 3), error: "busy")
            case 4: .bury(.refused, error: "no")
            default: .release
            }
        let outcome = try await stage.settle(job, verdict)
        if outcome == .done { done += 1 }
        return "\(verdict) with the outcome \(outcome)"
    }

    private mutating func repair() async throws -> String {
        switch random.next(below: 3) {
        case 0:
            try await stage.reap(lease: stage.unit * 4)
            return "reap"
        case 1:
            _ = try await stage.store.requeueDeadLetters(.all, in: stage.queue)
            return "requeue"
        default:
            let first = try await stage.deadLetters().prefix(1).map(\.job.id)
            _ = try await stage.store.discardDeadLetters(.jobs(first), in: stage.queue)
            return "discard"
        }
    }
}
