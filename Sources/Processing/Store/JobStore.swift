/// Where jobs are kept until they are done.
///
/// A job is at every moment in exactly one of these places: waiting, running, delayed, dead, done, discarded. All methods
/// may be called by many at once; each moves jobs in one step that others see entirely or not at all. Time is the store's
/// own: callers pass durations, never instants.
///
/// A store that conforms passes `StoreConformance` of the module `ProcessingTesting`.
public protocol JobStore: Sendable {
    /// The largest payload that is taken, in bytes.
    var maxPayloadBytes: Int { get }

    /// Stores jobs in a queue, all or none of them, durably as far as the store is durable.
    ///
    /// A request with an idempotency key that is remembered is answered with the first job and stores nothing.
    ///
    /// **Ordering**: jobs of a queue and priority are claimed in the order in which they were stored; attempts after the
    /// first come in any order.
    ///
    /// **Cancellation**: may throw `CancellationError` before anything is stored; afterwards it has no effect.
    ///
    /// - Parameters:
    ///   - requests: The jobs; see ``JobRequest/validate(queue:maxPayloadBytes:)``.
    ///   - queue: The queue.
    /// - Returns: A receipt for each, in their order.
    /// - Throws: ``ProcessingError``. With code `outcomeUnknown` they may be stored or not; with any other code none is.
    func enqueue(_ requests: [JobRequest], in queue: String) async throws -> [JobReceipt]

    /// Takes jobs that wait, each under a lease with a new token.
    ///
    /// Jobs whose delay has passed are among them at the latest after ``promoteDue(in:)``. With patience the call waits for
    /// the first job without polling where the store allows it, and returns no jobs when there was none.
    ///
    /// **Ordering**: priorities in the order of the request, in each the queues in the order of the request, in each
    /// queue the jobs in theirs.
    ///
    /// **Cancellation**: throws `CancellationError` while it waits; no job is taken then, or its lease runs out.
    ///
    /// - Parameter request: What is asked for; see ``ClaimRequest/validate()``.
    /// - Returns: The jobs.
    /// - Throws: ``ProcessingError``; `CancellationError`.
    func claim(_ request: ClaimRequest) async throws -> [ClaimedJob]

    /// Reports how attempts have ended. A report under a lost lease changes nothing.
    ///
    /// **Cancellation**: may throw `CancellationError` before anything is changed.
    ///
    /// - Parameter settlements: The reports; may be of several queues.
    /// - Returns: What each has led to, in their order.
    /// - Throws: ``ProcessingError``. Reports may be made again, whatever the code: one that was heard finds its lease gone.
    func settle(_ settlements: [JobSettlement]) async throws -> [SettlementOutcome]

    /// Extends leases and shows that a worker lives.
    ///
    /// - Parameter heartbeat: Who lives and what it holds.
    /// - Returns: The leases that are lost, because they ran out and somebody noticed.
    /// - Throws: ``ProcessingError``.
    func heartbeat(_ heartbeat: Heartbeat) async throws -> [JobLease]

    /// Ends leases that have run out: each counts as an attempt, and the job waits again or becomes a dead letter.
    ///
    /// - Parameters:
    ///   - queues: The queues to look into.
    ///   - lease: How long leases last; of use only to stores that note when a lease was last extended, not when it ends.
    /// - Returns: What became of the jobs.
    /// - Throws: ``ProcessingError``.
    func reapExpired(in queues: [String], lease: Duration) async throws -> ReapReport

    /// Lets delayed jobs wait to be claimed whose time has come.
    ///
    /// - Parameter queues: The queues to look into.
    /// - Returns: How many, and when to look again.
    /// - Throws: ``ProcessingError``.
    func promoteDue(in queues: [String]) async throws -> PromotionReport

    /// The queues that have ever had a job.
    ///
    /// - Returns: Their names, in order.
    /// - Throws: ``ProcessingError``.
    func queues() async throws -> [String]

    /// One consistent reading of each queue.
    ///
    /// - Parameter queues: The queues; unknown ones are shown as empty.
    /// - Returns: The readings, in their order.
    /// - Throws: ``ProcessingError``.
    func status(of queues: [String]) async throws -> [QueueStatus]

    /// Dead letters of a queue, oldest first.
    ///
    /// - Parameters:
    ///   - queue: The queue.
    ///   - last: The last dead letter of the page before; `nil` begins.
    ///   - limit: How many at most.
    /// - Returns: The dead letters; fewer than the limit at the end only.
    /// - Throws: ``ProcessingError``.
    func deadLetters(in queue: String, after last: JobID?, limit: Int) async throws -> [DeadLetter]

    /// Lets dead letters wait again, with no attempt counted.
    ///
    /// - Parameters:
    ///   - selection: Which.
    ///   - queue: The queue.
    /// - Returns: The jobs.
    /// - Throws: ``ProcessingError``.
    func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID]

    /// Removes dead letters for good.
    ///
    /// - Parameters:
    ///   - selection: Which.
    ///   - queue: The queue.
    /// - Returns: The jobs.
    /// - Throws: ``ProcessingError``.
    func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID]
}
