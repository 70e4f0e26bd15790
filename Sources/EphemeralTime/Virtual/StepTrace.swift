/// The latest steps of a run, in a ring.
struct StepTrace: Sendable {
    private let length: Int
    private var ring: [VirtualStep] = []
    private var oldest = 0
    /// The tasks that were seen, by the runtime's identity, numbered in the order of their first steps.
    private var tasks: [String: Int] = [:]

    init(length: Int) {
        self.length = max(0, length)
    }

    /// The recorded steps, oldest first.
    var steps: [VirtualStep] { Array(ring[oldest...] + ring[..<oldest]) }

    /// - Parameter step: A step whose job is described by the runtime: its identities differ from run to run.
    mutating func append(_ step: VirtualStep) {
        var step = step
        step.job = number(step.job)
        guard ring.count == length else {
            ring.append(step)
            return
        }
        guard length > 0 else { return }
        ring[oldest] = step
        oldest = (oldest + 1) % length
    }

    private mutating func number(_ job: String) -> String {
        // Jobs that belong to no task only make one ready, as `Task.yield` does.
        guard !job.contains("nil") else { return "a resumption" }
        let number = tasks[job] ?? tasks.count + 1
        tasks[job] = number
        return "task \(number)"
    }
}
