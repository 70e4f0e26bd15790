import EphemeralTime
import HarnessKit
public import Processing
import Synchronization

extension TargetCapabilities {
    /// Those of a target that keeps its operations in a processing store.
    static func processing(faults: [TargetFault.Scope: Set<TargetFault.Kind>], _ invariants: String...) -> Self {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.faults = faults
        capabilities.requirements = [StoreTargetOptions.requirement]
        capabilities.invariants = invariants.map { InvariantSpec(use: $0) }
        return capabilities
    }
}

extension ProcessingOptions {
    /// The options of a run's manager: its clock, its executor, and chance that is the same in every run.
    init(_ environment: TargetEnvironment) {
        self.init()
        time = environment.time
        executor = environment.executor
        let numbers = SeededNumbers()
        chance = { numbers.next() }
    }
}

/// Numbers from 0 to 1 in an order that is always the same.
private final class SeededNumbers: Sendable {
    private let generator = Mutex(SplitMix64(seed: 1))

    func next() -> Double { Double(generator.withLock { $0.next(below: 1 << 24) }) / Double(1 << 24 - 1) }
}

/// What the timeline does to the way between a run and its store.
struct StoreFaults: Sendable {
    let weather: StoreWeather
    let proxy: StoreProxy?
    /// Whether all calls go through lines of this process.
    let isLocal: Bool

    func set(_ fault: TargetFault, isOn: Bool) throws {
        if let proxy {
            switch fault.kind {
            case .stall: proxy.stall(isOn)
            case .delay: proxy.delay(by: isOn ? fault.delay : nil)
            case .cut: proxy.cut(isOn)
            case .kill: break
            }
            return
        }
        guard isLocal else {
            throw PluginOptionError(
                option: "proxy",
                message: "worker processes reach the store past this one; use a Redis store with \"proxy\": true"
            )
        }
        switch fault.kind {
        case .stall: weather.stall(isOn)
        case .delay: weather.delay(by: isOn ? fault.delay : nil)
        case .cut: weather.cut(isOn)
        case .kill: break
        }
    }
}

extension BuiltInTargets {
    /// What workers in processes of their own run the operations of a run with.
    ///
    /// An executable that is to run `processing.queue` with `workerProcesses` gives them to `HarnessCommand.main`.
    public static var processors: ProcessorRegistry {
        get throws {
            var processors = ProcessorRegistry()
            try processors.register(OperationPayload.processor) { (payload: OperationPayload, _) in
                guard let host = payload.host else {
                    throw UserError("the operation belongs to another process, which did not say where it is")
                }
                try await payload.runRemotely(at: host)
            }
            return processors
        }
    }
}
