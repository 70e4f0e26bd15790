import EphemeralTesting
import EphemeralTime
import Logging
import Processing
import Testing

@testable import ProcessingRedis

/// What tests of faults work with: short ways to use a store, and a way into its server past it.
struct StoreBench {
    let store: RedisProcessingStore
    let queue = "mail"
    let worker = WorkerID.next()

    var options: RedisStoreOptions { store.options }

    static func open(_ url: String, configure: (inout RedisStoreOptions) -> Void = { _ in }) async throws -> StoreBench
    {
        StoreBench(store: try await .open(url, options: SharedServer.freshOptions(configure: configure)))
    }

    /// Runs a body with a store, and shuts it down.
    static func run(
        _ url: String,
        configure: (inout RedisStoreOptions) -> Void = { _ in },
        body: (StoreBench) async throws -> Void
    ) async throws {
        let bench = try await open(url, configure: configure)
        do {
            try await body(bench)
        } catch {
            await bench.store.shutdown()
            throw error
        }
        await bench.store.shutdown()
    }

    @discardableResult
    func enqueue(_ names: String..., payload: [UInt8] = [1]) async throws -> [JobID] {
        let requests = names.map { JobRequest(operation: $0, payload: payload) }
        return try await store.enqueue(requests, in: queue).map(\.id)
    }

    func claim(_ count: Int = 1, patience: Duration = .zero) async throws -> [ClaimedJob] {
        try await store.claim(
            ClaimRequest(worker: worker, queues: [queue], count: count, lease: .seconds(60), patience: patience)
        )
    }

    func settle(_ job: ClaimedJob, _ verdict: JobVerdict) async throws -> SettlementOutcome? {
        try await store.settle([JobSettlement(job.lease, verdict)]).first
    }

    func status() async throws -> QueueStatus {
        try #require(try await store.status(of: [queue]).first)
    }

    func deadLetters() async throws -> [DeadLetter] {
        try await store.deadLetters(in: queue, after: nil, limit: 100)
    }

    /// Sends a command to the server of the store, past it.
    func tell(_ words: String...) async throws {
        try await withConnection { try await $0.tell(words) }
    }

    /// Sends a command to the server of the store, past it, and returns the answer.
    func ask(_ words: String...) async throws -> RESPValue {
        let answers = Journal<RESPValue>()
        try await withConnection { answers.record(try await $0.send(RedisCommand(words.map { .text($0) }))) }
        return answers.elements[0]
    }

    /// Does something with a connection to the server of the store.
    func withConnection(_ body: @Sendable (RedisConnection) async throws -> Void) async throws {
        let connector = RedisConnector(
            address: store.address,
            name: "test",
            time: SystemTimeSource(),
            logger: store.options.logger
        )
        let (connection, _) = try await connector.connect()
        defer { connection.close() }
        try await connector.watch(connection) { try await body(connection) }
    }

    /// Fails the test unless a call throws an error of this kind.
    func expect(
        _ expected: ProcessingError.Code,
        sourceLocation: SourceLocation = #_sourceLocation,
        of call: () async throws -> Void
    ) async {
        let seen = await code(of: call)
        #expect(seen == expected, sourceLocation: sourceLocation)
    }

    /// The code of the error that a call throws.
    func code(of call: () async throws -> Void) async -> ProcessingError.Code? {
        do {
            try await call()
            return nil
        } catch {
            return (error as? ProcessingError)?.code
        }
    }
}

extension RedisConnection {
    /// Sends a command that must succeed.
    func tell(_ words: [String]) async throws {
        if case .error(let error) = try await send(RedisCommand(words.map { .text($0) })) { throw error }
    }
}

/// A log that tests can wait for.
struct LogJournal: LogHandler {
    let journal: Journal<String>
    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.trace

    static func logger(_ journal: Journal<String>) -> Logger {
        Logger(label: "test") { _ in LogJournal(journal: journal) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = event.metadata?.map { "\($0)=\($1)" }.sorted().joined(separator: " ") ?? ""
        journal.record("\(event.message) \(details)")
    }
}
