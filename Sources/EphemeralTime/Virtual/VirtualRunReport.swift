/// What is known about virtual time so far: the same for the same seed and code, in every process.
public struct VirtualRunReport: Sendable, Hashable {
    /// What the choices among ready jobs were drawn from.
    public var seed: UInt64
    /// How many jobs were run.
    public var steps: Int
    /// How far the clock has moved since it was created.
    public var elapsed: Duration
    /// A hash of every choice, of how many jobs it was made among, and of its instant: equal for equal runs.
    public var scheduleDigest: UInt64
    /// How many tasks sleep.
    public var sleeperCount: Int
    /// How many jobs are ready to run.
    public var readyCount: Int
    /// What reached into virtual time from outside; the first 32 such events.
    public var escapes: [VirtualEscape]
    /// How many such events there were.
    public var escapeCount: Int
    /// The latest steps, oldest first, when tracing was asked for.
    public var trace: [VirtualStep]
}

/// Something that reached into virtual time from a thread other than the one that runs it.
public struct VirtualEscape: Sendable, Hashable {
    /// What reached in.
    public enum Kind: String, Sendable, Hashable {
        /// A task that runs in virtual time was resumed, or created, outside: it awaited something real.
        case resumption
        /// A task outside slept on the virtual clock.
        case sleep
        /// Code outside read the virtual clock.
        case clockReading
    }

    /// What reached in.
    public var kind: Kind
    /// The job that was resumed, as the runtime describes it; `nil` for other kinds.
    public var job: String?
    /// The name of the task that reached in, or what is known if it has none or there is none.
    public var source: String
    /// After how many steps it happened.
    public var step: Int
    /// How far the virtual clock had moved.
    public var elapsed: Duration
}

extension VirtualEscape: CustomStringConvertible {
    /// What happened, where, and who did it.
    public var description: String {
        let what =
            switch kind {
            case .resumption: "\(job ?? "a job") was made ready from outside"
            case .sleep: "the virtual clock was slept on from outside"
            case .clockReading: "the virtual clock was read from outside"
            }
        return "after step \(step), \(elapsed) into the run: \(what) by \(source)"
    }
}

/// One step of a traced run.
public struct VirtualStep: Sendable, Hashable {
    /// The number of the step, from one.
    public var number: Int
    /// How far the virtual clock had moved.
    public var elapsed: Duration
    /// The task that ran, numbered in the order of first steps.
    public var job: String
    /// What made it ready: the name of a task, or of what else did.
    public var cause: String
}

extension VirtualStep: CustomStringConvertible {
    /// One line of a trace.
    public var description: String { "\(number) at \(elapsed): \(job), made ready by \(cause)" }
}
