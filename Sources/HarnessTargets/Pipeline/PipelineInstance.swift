import HarnessKit

/// A pipeline while it runs.
final class PipelineInstance: SampledInstance {
    /// From the outermost.
    private let stages: [PipelineStage]
    private let port: PipelinePort

    init(_ parts: [TargetPart], _ environment: TargetEnvironment) async throws {
        var shared = environment
        shared.lanes = []
        var stages: [PipelineStage] = []
        for (index, part) in parts.enumerated().reversed() {
            let link = StageLink(
                use: part.use,
                ending: environment.registry?.target(part.use)?.capabilities.ending ?? .unknown,
                next: stages.first,
                outside: index == 0 ? environment.observer : nil
            )
            let instance = try await shared.make(part, body: link.body(last: environment.body), observer: link.observer)
            stages.insert(PipelineStage(use: part.use, instance: instance, ends: link.ends), at: 0)
        }
        self.stages = stages
        port = PipelinePort(ports: stages.compactMap(\.instance.signals))
    }

    private var first: any TargetInstance { stages[0].instance }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission { first.trySubmit(operation) }

    func submit(_ operation: Operation) async throws -> Submission { try await first.submit(operation) }

    /// The outermost first: what it still does needs those behind it.
    func drain() async throws {
        for stage in stages { try await stage.instance.drain() }
    }

    /// All at once: a stage waits for what it has running, which waits for the stages behind it.
    func shutdown() async {
        await withDiscardingTaskGroup { group in
            for stage in stages {
                group.addTask {
                    await stage.instance.shutdown()
                    stage.ends.close()
                }
            }
        }
    }

    /// Those of the outermost stage, which took the operations.
    func accounting() -> TargetAccounting { first.accounting() }

    func sample() -> TargetSample {
        (first as? any SampledInstance)?.sample() ?? TargetSample(accounting: accounting())
    }

    var signals: (any SignalPort)? { port }
}

/// What ties a stage to those in front of it and behind it.
private struct StageLink: Sendable {
    let use: String
    let ending: TargetCapabilities.Ending
    /// The stage behind; `nil` for the last one.
    let next: PipelineStage?
    /// Who is told of the ends of the outermost stage; `nil` for those behind it, whose ends somebody waits for.
    let outside: TargetObserver?
    let ends = StageEnds()

    /// What the stage does with an operation.
    func body(last: OperationBody) -> OperationBody {
        OperationBody(at: { operation, place in
            do {
                var place = place
                if place.part == 0 { place.part = ends.part(of: operation) }
                if let next {
                    try await next.perform(operation, at: place)
                } else {
                    try await last(operation, at: place)
                }
            } catch {
                if ending == .withBody { end(operation, error) }
                throw error
            }
            if ending == .withBody { end(operation, nil) }
        })
    }

    var observer: TargetObserver {
        TargetObserver { operation in
            if let outside {
                outside.discarded(operation)
            } else {
                ends.end(operation, .failure(PipelineError.dropped(by: use)))
            }
        } end: { operation, error in
            // The word of a stage that ends with its body is not needed.
            if ending == .told { end(operation, error) }
        }
    }

    private func end(_ operation: Operation, _ error: (any Error)?) {
        if let outside {
            outside.ended(operation, error: error)
        } else {
            ends.end(operation, error.map { .failure($0) } ?? .success(()))
        }
    }
}

/// The signals of all stages: one that the timeline raises is raised in each, and seen as often.
private struct PipelinePort: SignalPort {
    let ports: [any SignalPort]

    func raise(_ name: String) {
        for port in ports { port.raise(name) }
    }

    func retract(_ pattern: String) -> Int { ports.reduce(0) { $0 + $1.retract(pattern) } }

    func observe(_ handler: @escaping @Sendable (SignalObservation) -> Void) {
        for port in ports { port.observe(handler) }
    }
}
