public import Ephemeral
public import EphemeralTime

/// How a ``ProcessingManager`` behaves.
public struct ProcessingOptions: Sendable {
    /// When the backup of a critical operation is written.
    public var backup = BackupMode.writeAhead
    /// How long the backup of a critical operation is kept if nobody resolves it.
    public var backupTTL: Duration = .seconds(7 * 86_400)
    /// From which part of that time on an unresolved backup is an alarm; from 0 to 1.
    public var backupAlarm = 0.8
    /// How long a run of a critical operation counts as under way without a sign of life; renewed during the run.
    public var emergencyLease: Duration = .seconds(30)
    /// How long a critical operation that was tried again with success is remembered, so that nobody tries it once more.
    public var resolvedMemory: Duration = .seconds(86_400)
    /// How many attempts a job has unless it says otherwise.
    public var maxAttempts = 3
    /// Where signals are raised.
    public var sink: SignalSink?
    /// Who is told of what happens.
    public var observer: (any ProcessingObserver)?
    /// The clock of everything that takes time here; a store has its own.
    public var time: any TimeSource = .system
    /// Numbers from 0 to 1, drawn for pauses that are left to chance; with others than random ones a run can be repeated.
    public var chance: @Sendable () -> Double = { .random(in: 0...1) }
    /// The executor of every task that is created here; `nil` is the global pool, and a thread apart for signs of life.
    public var executor: (any TaskExecutor)?

    /// Creates options.
    public init() {}

    /// When the backup of a critical operation is written.
    public enum BackupMode: String, Sendable, Hashable, CaseIterable {
        /// Before the operation begins: it survives the loss of the process in the middle, for one write more.
        case writeAhead
        /// When the operation has failed: what is lost with the process is lost.
        case onFailure
    }

    func validate() throws {
        guard backupTTL > .zero else { throw ProcessingError.invalid("backupTTL", backupTTL, "give more than zero") }
        guard (0...1).contains(backupAlarm) else {
            throw ProcessingError.invalid("backupAlarm", backupAlarm, "give 0 to 1")
        }
        guard emergencyLease > .zero else {
            throw ProcessingError.invalid("emergencyLease", emergencyLease, "give more than zero")
        }
        guard resolvedMemory >= .zero else {
            throw ProcessingError.invalid("resolvedMemory", resolvedMemory, "give zero or more")
        }
        guard maxAttempts >= 1 else { throw ProcessingError.invalid("maxAttempts", maxAttempts, "give 1 or more") }
    }
}

/// Who is told what becomes of jobs and critical operations: metrics, logs, tests.
///
/// Methods are called outside all locks, on the task where it happened; they must not wait.
public protocol ProcessingObserver: Sendable {
    /// Jobs were stored.
    func jobsEnqueued(_ count: Int, queue: String, priority: JobPriority)
    /// An attempt begins.
    func jobStarted(_ job: Job)
    /// An attempt has ended and the store knows it.
    func jobEnded(_ job: Job, outcome: SettlementOutcome, duration: Duration)
    /// A lease was lost during an attempt.
    func leaseLost(_ job: Job)
    /// A store did not do what it was asked for.
    func storeFailed(_ error: any Error)
    /// A run of a critical operation has ended.
    func criticalEnded(_ id: EmergencyID, outcome: CriticalOutcome, duration: Duration)
}

extension ProcessingObserver {
    /// Does nothing.
    public func jobsEnqueued(_ count: Int, queue: String, priority: JobPriority) {}
    /// Does nothing.
    public func jobStarted(_ job: Job) {}
    /// Does nothing.
    public func jobEnded(_ job: Job, outcome: SettlementOutcome, duration: Duration) {}
    /// Does nothing.
    public func leaseLost(_ job: Job) {}
    /// Does nothing.
    public func storeFailed(_ error: any Error) {}
    /// Does nothing.
    public func criticalEnded(_ id: EmergencyID, outcome: CriticalOutcome, duration: Duration) {}
}

/// How a run of a critical operation has ended.
@nonexhaustive
public enum CriticalOutcome: String, Sendable, Hashable {
    /// With success.
    case completed
    /// With an error that is the user's to mend.
    case userError
    /// With an error, and a backup.
    case backedUp
    /// With an error, and nobody has acknowledged a backup.
    case lost
}
