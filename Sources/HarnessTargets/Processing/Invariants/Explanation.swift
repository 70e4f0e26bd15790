import HarnessKit

/// Why an operation of a processing target need not have run to success: what the target found when the run had ended, or
/// answered.
enum Explanation: String, CaseIterable {
    /// Its job is a dead letter.
    case deadLetter = "job.deadletter"
    /// Its backup is in the store or the journal.
    case backup = "processing.backup"
    /// Its user was told to mend it.
    case userError = "processing.user-error"
}

extension TargetObserver {
    /// Tells what explains the end of one operation; the history shows it as a signal of that operation.
    func explained(_ operation: Operation, by explanation: Explanation) {
        emitted(operation, signal: explanation.rawValue)
    }
}
