public import Processing

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
