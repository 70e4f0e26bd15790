import Dispatch
import EphemeralTesting
import EphemeralTime
import Foundation
import Processing
import ProcessingRedis
import ProcessingSQLite
import Testing

/// A store in a file or on a server, and processes that work on it, all of which end with it.
final class Stand: Sendable {
    let folder: String
    let log: ProbeLog
    let store: any ProcessingStore
    let address: String

    /// What a job of the processes gets.
    struct Probe: Codable, Sendable {
        var log: String
        var number: Int
        var first = 0
        var later = 0
        var blocks = false
        var kills = false
        var gate: String?
    }

    /// Where a store is.
    enum Place: CaseIterable {
        /// In a file.
        case file
        /// On the server that `scripts/test` starts, under prefixes of its own.
        ///
        /// Without a server the test is shown as not run; where a server must be, it fails.
        case server

        /// Those where there can be a store; tests of the server alone tell when it is missing.
        static var present: [Place] { serverURL == nil ? [.file] : allCases }
    }

    private static var serverURL: String? { ProcessInfo.processInfo.environment["EPHEMERAL_REDIS_URL"] }

    /// Runs a test with a stand.
    static func with(_ place: Place = .file, _ body: (Stand) async throws -> Void) async throws {
        switch place {
        case .file:
            try await with({ ("sqlite:\($0)/jobs.db", try SQLiteProcessingStore(path: $0 + "/jobs.db")) }, body)
        case .server:
            let (address, store) = try await openOnServer()
            try await with({ _ in (address, store) }, body)
        }
    }

    private static func openOnServer() async throws -> (address: String, store: any ProcessingStore) {
        guard let url = serverURL else {
            let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
            try #require(!isCI, "EPHEMERAL_REDIS_URL is not set; scripts/test sets it")
            try Test.cancel("there is no server: EPHEMERAL_REDIS_URL is not set; scripts/test starts one")
        }
        var options = RedisStoreOptions()
        let prefix = "test:\(JobID.next()):"
        options.queuePrefix = prefix + "queue:"
        options.emergencyPrefix = prefix + "emergency:"
        let address = "\(url)?queuePrefix=\(options.queuePrefix)&emergencyPrefix=\(options.emergencyPrefix)"
        return (address, try await RedisProcessingStore.open(url, options: options))
    }

    private static func with(
        _ open: (_ folder: String) throws -> (address: String, store: any ProcessingStore),
        _ body: (Stand) async throws -> Void
    ) async throws {
        let stand = try Stand(open)
        do {
            try await body(stand)
        } catch {
            await stand.end()
            throw error
        }
        await stand.end()
    }

    private init(_ open: (_ folder: String) throws -> (address: String, store: any ProcessingStore)) throws {
        folder = FileManager.default.temporaryDirectory.path + "/jobs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        log = try ProbeLog(in: folder)
        (address, store) = try open(folder)
    }

    private func end() async {
        log.end()
        if let store = store as? RedisProcessingStore { try? await store.removeEverything() }
        await store.shutdown()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func add(
        _ numbers: some Sequence<Int>,
        maxAttempts: Int = 3,
        delay: Duration = .zero,
        configure: (inout Probe) -> Void = { _ in }
    ) async throws {
        let manager = try ProcessingManager(store: store)
        for number in numbers {
            var probe = Probe(log: log.path, number: number)
            configure(&probe)
            try await manager.process(probe, processor: "probe", maxAttempts: maxAttempts, delay: delay)
        }
    }

    func status() async throws -> QueueStatus { try await store.status(of: ["default"])[0] }

    /// Claims a critical operation as soon as the lease of its run has run out.
    func claimWhenFree(_ id: EmergencyID) async throws -> ClaimedEmergency {
        while true {
            do {
                return try await store.claimEmergency(id, lease: .seconds(5))
            } catch let error as ProcessingError where error.code == .alreadyRetrying {
                try await SystemTimeSource().sleep(for: .milliseconds(200))
            }
        }
    }

    /// Stops a process where it stands, but not in the middle of a change, which would lock the file for everybody.
    func freeze(_ child: Child) async {
        while true {
            child.send(SIGSTOP)
            // Fails when it has waited for the lock for as long as it may.
            if (try? await store.promoteDue(in: ["default"])) != nil { return }
            child.send(SIGCONT)
        }
    }

    /// Starts `harness jobs` with these arguments and this store.
    func start(_ arguments: String...) throws -> Child {
        try Child(arguments: ["jobs"] + arguments + ["--store", address])
    }
}

/// A process of the harness.
final class Child: Sendable {
    struct Ending: Sendable {
        var status: Int32
        var wasKilled: Bool
        var output: String
    }

    private let process: Process
    private let ending: Task<Ending, any Error>
    /// The lines of its standard error.
    private let complaints = Journal<String>()

    init(_ program: String = "processing-probe", arguments: [String]) throws {
        // It is built beside the tests.
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let process = Process()
        process.executableURL = tests.deletingLastPathComponent().appendingPathComponent(program)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = environment
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        let errors = Pipe()
        process.standardError = errors
        DispatchQueue(label: "child errors").async { [complaints] in
            var text = ""
            while let data = errors.fileHandleForReading.nonEmpty {
                text += String(decoding: data, as: UTF8.self)
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                for line in lines.dropLast() { complaints.record(String(line)) }
                text = String(lines.last ?? "")
            }
        }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        self.process = process
        ending = Task.detached {
            for await _ in ends {}
            let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            return Ending(
                status: process.terminationStatus,
                wasKilled: process.terminationReason == .uncaughtSignal,
                output: text
            )
        }
    }

    deinit { if process.isRunning { send(SIGKILL) } }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Suspends until the process has said something on its standard error.
    func says(_ words: String) async throws {
        var count = 1
        while try await complaints.first(count).last?.contains(words) == false { count += 1 }
    }

    /// Suspends until the process has ended.
    @discardableResult
    func end() async throws -> Ending { try await ending.value }
}

extension FileHandle {
    /// What can be read, as soon as there is something; `nil` at the end.
    fileprivate var nonEmpty: Data? {
        let data = availableData
        return data.isEmpty ? nil : data
    }
}
