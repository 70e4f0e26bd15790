internal import DequeModule
internal import Ephemeral
internal import EphemeralTime

/// The processors of one sink as a pure value: who gets an item, who takes over from whom.
struct ProcessorGroupState: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What has to be done after the lock is released, in this order.
    enum Step: Sendable {
        case raise(String)
        case start(member: UInt64, ProcessorWork)
        case alarm(member: UInt64, AlarmOrder)
        case resume(WaitingLine<Void>.Continuation)
        case refuse(WaitingLine<Void>.Continuation)
    }

    /// A caller with an item for which there is no room.
    struct Producer: Sendable {
        let member: UInt64
        let job: ProcessorJob
    }

    /// By priority, then in the order in which they joined.
    var members: [ProcessorMember] = []
    private var lastMember: UInt64 = 0
    private var turns: UInt64 = 0
    /// The counters of members that are gone.
    private var departed = CoordinatorStats()
    var producers = WaitingLine<Producer>()
    var drainers = WaitingLine<UInt64>()

    // Members

    /// A number for a member that is about to join.
    mutating func announce() -> UInt64 {
        lastMember += 1
        return lastMember
    }

    mutating func join(
        _ id: UInt64,
        priority: Int,
        limit: Int,
        options: PriorityProcessorOptions,
        _ steps: inout [Step]
    ) {
        let member = ProcessorMember(id: id, priority: priority, limit: limit, options: options)
        members.insert(member, at: members.firstIndex { $0.priority > priority } ?? members.endIndex)
        settle(&steps)
    }

    /// Nobody holds a member any more; it has been cancelled before, and goes when nothing of it runs.
    mutating func leave(_ id: UInt64, _ steps: inout [Step]) {
        if let index = index(id) { members[index].isReleased = true }
        settle(&steps)
    }

    func member(_ id: UInt64) -> ProcessorMember? { members.first { $0.id == id } }

    func index(_ id: UInt64) -> Int? { members.firstIndex { $0.id == id } }

    /// The counters of all members, as those of one queue.
    var stats: CoordinatorStats { members.reduce(into: departed) { $0.add($1.stats) } }

    // Routing

    /// Who gets an item: the healthy member of the highest priority that may, in turns, or else the one of the lowest.
    func target(for addressed: Int, except excluded: UInt64? = nil) -> Int? {
        let eligible = members.indices.filter { index in
            members[index].isOpen && members[index].priority >= addressed && members[index].id != excluded
        }
        let healthy = eligible.filter { members[$0].isHealthy }
        let best = healthy.map { members[$0].priority }.min() ?? eligible.map { members[$0].priority }.max()
        return (healthy.isEmpty ? eligible : healthy)
            .filter { members[$0].priority == best }
            .min { members[$0].lastTurn < members[$1].lastTurn }
    }

    mutating func assign(_ job: ProcessorJob, to index: Int, first: Bool = false, _ steps: inout [Step]) {
        turns += 1
        members[index].lastTurn = turns
        members[index].receive(job, first: first)
        steps.append(.raise("route.assigned:pri\(members[index].priority):\(job.item)"))
    }

    /// An item is brought to a member.
    mutating func enqueue(_ job: ProcessorJob, through id: UInt64, _ steps: inout [Step]) -> Admission {
        guard member(id)?.isOpen == true else { return .closed }
        // Nobody overtakes a caller that waits for the same room; one that waits for other room holds nobody up.
        guard !producers.contains(where: { $0.job.addressed == job.addressed }) else { return .full }
        guard isAccepted(job, &steps) else { return .full }
        settle(&steps)
        return .accepted
    }

    /// Gives an item to whoever is to have it, if there is room.
    mutating func isAccepted(_ job: ProcessorJob, _ steps: inout [Step]) -> Bool {
        if let canary = members.indices.first(where: { mayTry(job, on: $0) }) {
            assign(job, to: canary, &steps)
            startCanary(members[canary].queue.count - 1, of: canary, on: canary, &steps)
            return true
        }
        guard let target = target(for: job.addressed), members[target].hasRoom else { return false }
        assign(job, to: target, &steps)
        return true
    }

    /// Lets callers in for whose items there is room, each in its turn.
    mutating func admitProducers(_ steps: inout [Step]) {
        var fullPriorities: Set<Int> = []
        while let producer = producers.popFirst(where: { !fullPriorities.contains($0.job.addressed) }) {
            if isAccepted(producer.value.job, &steps) {
                steps.append(.resume(producer.continuation))
            } else {
                fullPriorities.insert(producer.value.job.addressed)
                producers.putBack(producer)
            }
        }
    }

    /// Moves what waits for unhealthy members to others, starts what may start, and tells who has nothing left.
    mutating func settle(_ steps: inout [Step]) {
        for index in members.indices where !members[index].isHealthy { moveQueue(of: index, &steps) }
        repeat {
            for index in members.indices { startJobs(on: index, &steps) }
            guard !producers.isEmpty else { break }
            admitProducers(&steps)
        } while members.contains { !$0.queue.isEmpty && mayStart(on: $0) }
        let idle = Set(members.filter { !$0.isOpen && $0.isIdle }.map(\.id))
        for drainer in drainers.take(where: { idle.contains($0) }) { steps.append(.resume(drainer.continuation)) }
        let gone = members.filter { $0.isReleased && $0.isIdle }
        guard !gone.isEmpty else { return }
        for member in gone { departed.add(member.stats) }
        members.removeAll { $0.isReleased && $0.isIdle }
    }

    mutating func moveQueue(of index: Int, _ steps: inout [Step]) {
        var position = 0
        while position < members[index].queue.count {
            let addressed = members[index].queue[position].addressed
            guard let target = target(for: addressed), target != index, isBetter(target, than: index) else {
                position += 1
                continue
            }
            let job = members[index].take(at: position)
            members[index].stats.forwarded += 1
            assign(job, to: target, &steps)
        }
    }

    /// Whether items of an unhealthy member are better off with another one.
    func isBetter(_ target: Int, than index: Int) -> Bool {
        members[target].isHealthy || members[target].priority > members[index].priority
    }

    func mayStart(on member: ProcessorMember) -> Bool { member.stats.active < member.limit }

    mutating func startJobs(on index: Int, _ steps: inout [Step]) {
        while !members[index].queue.isEmpty, mayStart(on: members[index]) {
            let job = members[index].take(at: 0)
            start(job, on: index, isCanary: false, &steps)
        }
    }

    mutating func start(_ job: ProcessorJob, on index: Int, isCanary: Bool, _ steps: inout [Step]) {
        members[index].stats.active += 1
        let member = members[index]
        steps.append(.start(member: member.id, .item(job, epoch: member.epoch, isCanary: isCanary)))
    }
}
