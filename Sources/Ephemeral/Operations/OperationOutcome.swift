/// What became of an operation.
@nonexhaustive
public enum OperationOutcome: Sendable {
    /// Its body is running.
    case running
    /// Its body returned.
    case completed
    /// Its body threw this error.
    case failed(any Error)
    /// The coordinator was cancelled before the body started, or the body gave in to that cancellation.
    case cancelled
    /// A signal of this name was up when the operation would have started, and the options say to drop it then.
    case skipped(signal: String)
}
