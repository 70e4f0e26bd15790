internal import Ephemeral

/// Something to do, and for whom.
struct ProcessorAssignment: Sendable {
    let member: UInt64
    let work: ProcessorWork
}

extension WorkCoordinator where Item == ProcessorAssignment {
    /// Starts something as soon as there is a place; an item under its own identity.
    func start(_ work: ProcessorWork, for member: UInt64) -> Bool {
        let assignment = ProcessorAssignment(member: member, work: work)
        switch work {
        case .item(let job, _, _): return tryEnqueue(assignment, as: job.id)
        case .probe: return tryEnqueue(assignment)
        }
    }
}

/// Does what the group has decided, on a worker, and tells the group how it ended.
struct ProcessorWorker: Sendable {
    // The group outlives its members' bodies only if they hold it.
    let group: ProcessorGroup
    let priority: Int
    let probe: (@Sendable () async throws -> Bool)?
    let process: PriorityProcessorAtom.Process
    let onFailure: (@Sendable (_ id: String, _ error: any Error) -> Void)?

    func perform(_ assignment: ProcessorAssignment, in context: OperationContext) async throws {
        switch assignment.work {
        case .item(let job, let epoch, let isCanary):
            try await perform(job, epoch: epoch, isCanary: isCanary, of: assignment.member, in: context)
        case .probe(let epoch):
            let isWorking = (try? await probe?()) ?? false
            group.probed(assignment.member, epoch: epoch, isWorking: isWorking)
        }
    }

    private func perform(
        _ job: ProcessorJob,
        epoch: Int,
        isCanary: Bool,
        of member: UInt64,
        in context: OperationContext
    ) async throws {
        context.emit("processing.started:pri\(priority):\(job.item)")
        do {
            try await process(job.item, context)
        } catch {
            if error is CancellationError, Task.isCancelled {
                group.cancelled(member)
            } else {
                context.emit("processing.failed:pri\(priority):\(job.item)")
                group.failed(job, on: member, epoch: epoch, isCanary: isCanary) { onFailure?(job.item, error) }
            }
            throw error
        }
        context.emit("processing.complete:pri\(priority):\(job.item)")
        group.succeeded(member, epoch: epoch, isCanary: isCanary)
    }
}
