import Ephemeral
import EphemeralTime
import HarnessKit
import Processing
import Synchronization

/// Critical operations of one run, and an operator who tries failed ones again.
final class CriticalInstance: FaultyInstance {
    private struct Counts: Sendable {
        /// Operations that were taken, those included whose first run is under way.
        var begun = 0
        /// First and further runs that are under way.
        var running = 0
        var done = 0
        var userErrors = 0
        var isShut = false
        /// Operations that are tried again, also those of which nothing is left to do.
        var retries: [Int: Task<Void, Never>] = [:]
        /// Those who try them, by the number of the operation.
        var operators: [Task<Void, Never>] { retries.sorted { $0.key < $1.key }.map(\.value) }
        /// Backups in the store and the journal when everything had ended; `nil` when nobody has looked since.
        var backups: Int?
    }

    private let settings: CriticalTargetOptions
    private let environment: TargetEnvironment
    private let store: RunStore
    private let journal: RunStore?
    private let faults: StoreFaults
    private let manager: ProcessingManager
    private let port: SinkPort
    private let tasks: TaskSpawner
    private let counts = Mutex(Counts())

    init(
        _ settings: CriticalTargetOptions,
        _ store: RunStore,
        _ journal: RunStore?,
        _ environment: TargetEnvironment
    ) throws {
        let weather = StoreWeather(time: environment.time)
        let body = environment.body
        let userErrors = Set(settings.userErrors ?? [])
        var processors = ProcessorRegistry()
        try processors.register(OperationPayload.processor) { (payload: OperationPayload, _) in
            do {
                try await body(payload.operation)
            } catch let error as ScriptedError where userErrors.contains(error.name) {
                throw UserError(error.name)
            }
        }
        port = SinkPort(time: environment.time)
        var options = settings.options(environment)
        options.sink = port.sink
        manager = try ProcessingManager(
            store: StoreLine(to: store.store, weather: weather),
            processors: processors,
            journal: journal?.store,
            options: options
        )
        faults = StoreFaults(weather: weather, proxy: store.proxy, isLocal: true)
        tasks = TaskSpawner(executor: environment.executor)
        (self.settings, self.environment, self.store, self.journal) = (settings, environment, store, journal)
    }

    func submit(_ operation: Operation) async throws -> Submission {
        guard !counts.withLock(\.isShut) else { return .refused }
        let id = EmergencyID(rawValue: "\(Self.prefix)\(operation.index)")
        counts.withLock { counts in
            counts.begun += 1
            counts.running += 1
            counts.backups = nil
        }
        defer { counts.withLock { $0.running -= 1 } }
        do {
            try await manager.processCritical(
                OperationPayload(operation, host: nil),
                processor: OperationPayload.processor,
                operationID: id,
                timeout: settings.timeout?.duration
            )
            counts.withLock { $0.done += 1 }
        } catch is UserError {
            counts.withLock { $0.userErrors += 1 }
            environment.observer.explained(operation, by: .userError)
        } catch let failure as CriticalFailure {
            if failure.backup != .none { tryAgain(id, operation.index) }
        } catch {
            counts.withLock { $0.begun -= 1 }
            guard error is ProcessingError else { throw error }
            return .refused
        }
        return .accepted
    }

    /// What the identities of all operations begin with.
    private static let prefix = "operation-"

    /// Does what an operator would: tries a failed operation again, until it is done or was run often enough.
    private func tryAgain(_ id: EmergencyID, _ index: Int) {
        let runs = settings.maxAttempts ?? 1
        guard runs > 1 else { return }
        let pause = settings.retryAfter?.duration ?? .milliseconds(100)
        let task = tasks.spawn("harness operator") { [self] in
            var runs = runs - 1
            while runs > 0, (try? await environment.time.sleep(for: pause)) != nil {
                // A backup that is in the journal still is copied up first.
                let isSwept = (try? await manager.sweep()) != nil
                counts.withLock { $0.running += 1 }
                let outcome = try? await manager.retryEmergency(id)
                counts.withLock { $0.running -= 1 }
                guard let outcome else { continue }
                switch outcome {
                case .resolved: return counts.withLock { $0.done += 1 }
                case .failed(let error):
                    // No user is there to mend it: the backup stays, for somebody to look at.
                    if error is UserError { return }
                    runs -= 1
                case .alreadyRetrying: continue
                // It may be in the journal still, unless everything there was copied up.
                case .notFound: if isSwept { return }
                case .alreadyResolved, .notReplayable: return
                }
            }
        }
        let isLate = counts.withLock { counts in
            if !counts.isShut { counts.retries[index] = task }
            return counts.isShut
        }
        if isLate { task.cancel() }
    }

    /// Waits for the operator, and until the store has heard of the end of every run.
    func drain() async throws {
        // What an earlier one has found may be otherwise by now.
        counts.withLock { $0.backups = nil }
        while !counts.withLock(\.isShut) {
            for retry in counts.withLock({ $0.operators }) { await retry.value }
            if let report = try? await manager.sweep(), report.settled == 0, report.copiedUp == 0,
                let backups = try? await listBackups()
            {
                for backup in backups {
                    guard let index = Int(backup.id.rawValue.dropFirst(Self.prefix.count)) else { continue }
                    environment.observer.explained(Operation(index: index), by: .backup)
                }
                return counts.withLock { $0.backups = backups.count }
            }
            try await environment.time.sleep(for: .milliseconds(20))
        }
    }

    /// All backups, of the store and of the journal.
    private func listBackups() async throws -> [Emergency] {
        var backups: [Emergency] = []
        for place in [store, journal].compactMap(\.self) {
            let count = try await place.store.emergencyCounts().total
            backups += try await place.store.emergencies(expiringWithin: nil, limit: max(1, count))
        }
        return backups
    }

    func shutdown() async {
        faults.weather.stall(false)
        let retries = counts.withLock { counts in
            counts.isShut = true
            return counts.operators
        }
        for retry in retries { retry.cancel() }
        for retry in retries { await retry.value }
        await store.shutdown()
        await journal?.shutdown()
    }

    /// Failed are those whose backup is there, and those that are the user's to mend.
    ///
    /// Each count is kept by itself: an operation that is done and has a backup all the same makes the sum too large, and
    /// one that has failed without one makes it too small.
    func accounting() -> TargetAccounting {
        let counts = counts.withLock(\.self)
        var accounting = TargetAccounting()
        accounting.enqueued = counts.begun
        accounting.completed = counts.done
        guard let backups = counts.backups else { return accounting }
        accounting.pending = 0
        accounting.active = counts.running
        accounting.failed = backups + counts.userErrors
        accounting.cancelled = 0
        return accounting
    }

    var signals: (any SignalPort)? { port }

    func begin(_ fault: TargetFault) throws { try faults.set(fault, isOn: true) }

    // What could not begin has nothing to end.
    func end(_ fault: TargetFault) { try? faults.set(fault, isOn: false) }
}
