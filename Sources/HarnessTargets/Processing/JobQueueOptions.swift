import EphemeralTime
import HarnessKit
import Processing

/// The options of the target that is a queue: those of the library's manager and workers, all optional, with its defaults.
struct JobQueueOptions: Codable, Sendable {
    var maxWorkers: Int?
    var workers: Int?
    var workerProcesses: Int?
    var prefetch: Int?
    var maxAttempts: Int?
    var lease: DurationText?
    var patience: DurationText?
    var promoteInterval: DurationText?
    var fairness: Int?
    var retry: Retry?
    var idempotency: Bool?
    var startAfterLoad: Bool?
    var userErrors: [String]?

    /// How long to wait between attempts.
    struct Retry: Codable, Sendable {
        var base: DurationText?
        var multiplier: Double?
        var cap: DurationText?
        var jitter: Double?

        var policy: RetryPolicy {
            var policy = RetryPolicy()
            if let base { policy.base = base.duration }
            if let multiplier { policy.multiplier = multiplier }
            if let cap { policy.cap = cap.duration }
            if let jitter { policy.jitter = jitter }
            policy.cap = max(policy.cap, policy.base)
            return policy
        }
    }

    static let descriptions = [
        "maxWorkers": "How many bodies a worker runs at a time; 3 when absent.",
        "workers": "How many workers there are in this process; 1 when absent, unless there are worker processes.",
        "workerProcesses":
            "How many workers there are in processes of their own, whose jobs run their bodies here; 0 when absent.",
        "prefetch": "How many jobs a worker claims ahead of the running ones; 0 when absent.",
        "maxAttempts": "How many attempts a job has before it is a dead letter; 3 when absent.",
        "lease": "How long a job stays with a worker that gives no sign of life; 30 s when absent.",
        "patience": "How long one claim waits for a job; 2 s when absent.",
        "promoteInterval": "How often delayed jobs are looked at; 250 ms when absent.",
        "fairness": "Every how manieth claim looks at the least urgent jobs first; strict when absent.",
        "retry":
            "How long to wait between attempts: base, multiplier, cap and jitter; up to 1, 2, 4 ... 60 s when absent.",
        "idempotency":
            "Whether each job has a key, so that one whose enqueueing was not answered is enqueued again; false when absent.",
        "startAfterLoad":
            "Whether workers start only when the load is over, so that enqueueing is measured alone; false when absent.",
        "userErrors": "Names of scripted errors that are the user's to mend, after which a job is not tried again.",
    ]

    var processes: Int { workerProcesses ?? 0 }
    var localWorkers: Int { workers ?? (processes > 0 ? 0 : 1) }
    var places: Int { maxWorkers ?? WorkerOptions().maxWorkers }

    /// The library's options of one worker.
    var workerOptions: WorkerOptions {
        var options = WorkerOptions(maxWorkers: places, queues: ["default"])
        if let prefetch { options.prefetch = prefetch }
        if let lease { options.lease = lease.duration }
        if let patience { options.patience = patience.duration }
        if let promoteInterval { options.promoteInterval = promoteInterval.duration }
        options.fairness = fairness
        if let retry { options.retry = retry.policy }
        options.reconnect = RetryPolicy(base: .milliseconds(20), cap: .milliseconds(500))
        return options
    }

    /// What `harness jobs work` is told, beside the store.
    var workArguments: [String] {
        let options = workerOptions
        let seconds = { (duration: Duration) in "\(duration / .seconds(1))" }
        return [
            "--queue", "default", "--workers", "\(options.maxWorkers)", "--prefetch", "\(options.prefetch)",
            "--lease", seconds(options.lease), "--grace", "0", "--retry-base", seconds(options.retry.base),
            "--retry-cap", seconds(options.retry.cap),
        ]
    }

    func validate(_ store: StoreTargetOptions) throws {
        func refuse(_ option: String, _ message: String) -> PluginOptionError {
            PluginOptionError(option: option, message: message)
        }
        for (option, value, least) in [
            ("maxWorkers", maxWorkers, 1), ("workers", workers, 0), ("workerProcesses", workerProcesses, 0),
            ("prefetch", prefetch, 0), ("maxAttempts", maxAttempts, 1), ("fairness", fairness, 2),
        ] {
            guard let value, value < least else { continue }
            throw refuse(option, "is \(value); give \(least) or more")
        }
        guard processes + localWorkers > 0 else { throw refuse("workers", "is 0; give 1 or more, or workerProcesses") }
        if processes > 0, store.kind == .memory {
            throw refuse("workerProcesses", "needs a store that processes can share; set \"store\" to sqlite or redis")
        }
        for (option, isGiven) in [
            ("patience", patience != nil), ("promoteInterval", promoteInterval != nil), ("fairness", fairness != nil),
            ("retry/multiplier", retry?.multiplier != nil), ("retry/jitter", retry?.jitter != nil),
        ] where isGiven && processes > 0 {
            throw refuse(option, "does not reach worker processes; leave it out, or use \"workers\"")
        }
        for (option, value) in [("lease", lease), ("patience", patience), ("promoteInterval", promoteInterval)] {
            guard let value, value.duration <= .zero else { continue }
            throw refuse(option, "is \(value.text); give a positive time")
        }
        if let multiplier = retry?.multiplier, !(multiplier >= 1) || !multiplier.isFinite {
            throw refuse("retry/multiplier", "is \(multiplier); give 1 or more")
        }
        if let jitter = retry?.jitter, !(0...1).contains(jitter) {
            throw refuse("retry/jitter", "is \(jitter); give 0 to 1")
        }
    }
}
