import Ephemeral
import EphemeralTime
import HarnessKit
import Processing
import Synchronization

/// A queue of one run, with its workers.
final class QueueInstance: FaultyInstance {
    private let settings: JobQueueOptions
    private let environment: TargetEnvironment
    private let runStore: RunStore
    private let faults: StoreFaults
    private let manager: ProcessingManager
    private let workers: RunWorkers
    private let processWorkers: RunWorkers?
    private let host: BodyHost?
    private let last = Mutex(QueueStatus(queue: "default"))

    init(_ settings: JobQueueOptions, _ store: RunStore, _ environment: TargetEnvironment) async throws {
        let weather = StoreWeather(time: environment.time)
        let tasks = TaskSpawner(executor: environment.executor)
        let userErrors = Set(settings.userErrors ?? [])
        let body = environment.body
        let run: @Sendable (Operation) async throws -> Void = { operation in
            do {
                try await body(operation)
            } catch let error as ScriptedError where userErrors.contains(error.name) {
                throw UserError(error.name)
            }
        }
        var processors = ProcessorRegistry()
        try processors.register(OperationPayload.processor) { (payload: OperationPayload, _) in
            try await run(payload.operation)
        }
        var options = ProcessingOptions(environment)
        options.maxAttempts = settings.maxAttempts ?? options.maxAttempts
        let line = StoreLine(to: store.store, weather: weather)
        manager = try ProcessingManager(store: line, processors: processors, options: options)
        workers = RunWorkers(tasks: tasks) { [processors, options] _ in
            let line = StoreLine(to: store.store, weather: weather)
            let manager = try ProcessingManager(store: line, processors: processors, options: options)
            let worker = try ProcessingWorker(manager, options: settings.workerOptions)
            try worker.start()
            return LocalWorker(worker: worker, line: line)
        }
        if settings.processes > 0, let folder = store.folder, let address = store.address {
            let arguments = settings.workArguments
            processWorkers = RunWorkers(tasks: tasks) { workers in
                try WorkerProcess(store: address, arguments: arguments) { [weak workers] in workers?.noteFailure($0) }
            }
            host = try await BodyHost.listen(in: folder, tasks: tasks, body: run)
        } else {
            (processWorkers, host) = (nil, nil)
        }
        faults = StoreFaults(weather: weather, proxy: store.proxy, isLocal: settings.processes == 0)
        (self.settings, self.environment, runStore) = (settings, environment, store)
    }

    func start() throws {
        try workers.start(settings.localWorkers)
        try processWorkers?.start(settings.processes)
    }

    func submit(_ operation: Operation) async throws -> Submission {
        let payload = OperationPayload(operation, host: host?.path)
        let names = environment.lanes
        let lane = names.indices.contains(operation.lane) ? JobPriority(rawValue: names[operation.lane]) : nil
        var pause = Duration.milliseconds(10)
        while true {
            do {
                try await manager.process(
                    payload,
                    processor: OperationPayload.processor,
                    priority: lane ?? .normal,
                    idempotency: settings.idempotency == true ? .init("operation-\(operation.index)") : nil
                )
                return .accepted
            } catch let error as ProcessingError where error.code == .outcomeUnknown && settings.idempotency == true {
                try await environment.time.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
            } catch is ProcessingError {
                return .refused
            }
        }
    }

    /// Waits until the store says that nothing is left: it tells nobody when the last job ends, in whichever process.
    func drain() async throws {
        if settings.startAfterLoad == true { try start() }
        while true {
            if let failure = workers.failure ?? processWorkers?.failure { throw failure }
            if let status = try? await runStore.store.status(of: ["default"]).first {
                last.withLock { $0 = status }
                let isIdle = status.totalWaiting + status.running + status.delayed == 0
                if isIdle, let letters = try? await listDeadLetters() {
                    for operation in letters.compactMap(\.operation) {
                        environment.observer.explained(operation, by: .deadLetter)
                    }
                    return
                }
            }
            try await environment.time.sleep(for: .milliseconds(20))
        }
    }

    private func listDeadLetters() async throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        while true {
            let page = try await runStore.store.deadLetters(in: "default", after: letters.last?.job.id, limit: 1000)
            letters += page
            if page.count < 1000 { return letters }
        }
    }

    func shutdown() async {
        faults.weather.stall(false)
        runStore.proxy?.recover()
        await workers.shutdown()
        await processWorkers?.shutdown()
        await host?.close()
        await runStore.shutdown()
    }

    func accounting() -> TargetAccounting {
        let status = last.withLock(\.self)
        var accounting = TargetAccounting()
        accounting.enqueued = status.enqueued
        accounting.pending = status.totalWaiting + status.delayed
        accounting.active = status.running
        accounting.completed = status.done
        accounting.failed = status.dead
        accounting.cancelled = status.discarded
        return accounting
    }

    func begin(_ fault: TargetFault) throws {
        switch fault.scope {
        case .worker: (processWorkers ?? workers).kill()
        case .store: try faults.set(fault, isOn: true)
        }
    }

    func end(_ fault: TargetFault) {
        // What could not begin has nothing to end.
        if fault.scope == .store { try? faults.set(fault, isOn: false) }
    }
}
