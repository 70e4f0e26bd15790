/// The waiting operations of one lane by key, and the keys whose turn may come.
///
/// Operations of a key are linked in their order; a key stands in the list of ready keys when its first may start. All
/// operations share one store, so that a key costs no allocation of its own.
@usableFromInline
struct KeyedLine<Entry: Sendable>: Sendable {
    @usableFromInline
    struct Node: Sendable {
        @usableFromInline var entry: Entry?
        @usableFromInline var arrival: UInt64
        @usableFromInline var next: Int

        @inlinable
        init(entry: Entry?, arrival: UInt64, next: Int) {
            self.entry = entry
            self.arrival = arrival
            self.next = next
        }
    }

    /// The waiting operations of one key.
    @usableFromInline
    struct List: Sendable {
        @usableFromInline var first = -1
        @usableFromInline var last = -1
        @usableFromInline var isReady = false

        @inlinable init() {}
    }

    @usableFromInline var nodes: [Node] = []
    @usableFromInline var freeNode = -1
    /// By the number of the key.
    @usableFromInline var lists: [List] = []
    @usableFromInline var ready: ReadyKeys

    @inlinable
    init(isFair: Bool) { ready = ReadyKeys(isFair: isFair) }

    @inlinable
    func hasPending(_ key: Int) -> Bool { key < lists.count && lists[key].first >= 0 }

    @inlinable
    mutating func append(_ entry: Entry, key: Int, arrival: UInt64) {
        while lists.count <= key { lists.append(List()) }
        let node = Node(entry: entry, arrival: arrival, next: -1)
        let index: Int
        if freeNode >= 0 {
            index = freeNode
            freeNode = nodes[index].next
            nodes[index] = node
        } else {
            index = nodes.count
            nodes.append(node)
        }
        if lists[key].last >= 0 { nodes[lists[key].last].next = index } else { lists[key].first = index }
        lists[key].last = index
    }

    /// The ticket of a key's first operation.
    @inlinable
    func ticket<Item, Route>(_ key: Int) -> Ticket? where Entry == QueueEntry<Item, Route> {
        let first = lists[key].first
        return first < 0 ? nil : nodes[first].entry?.ticket
    }

    @inlinable
    mutating func popFirst(_ key: Int) -> Entry? {
        let first = lists[key].first
        guard first >= 0 else { return nil }
        lists[key].first = nodes[first].next
        if lists[key].first < 0 { lists[key].last = -1 }
        nodes[first].next = freeNode
        freeNode = first
        return nodes[first].entry.take()
    }

    /// A key's first operation may start.
    @inlinable
    mutating func makeReady(_ key: Int) {
        guard hasPending(key), !lists[key].isReady else { return }
        lists[key].isReady = true
        ready.insert(key, arrival: nodes[lists[key].first].arrival)
    }

    /// Takes the key whose turn it is out of the list of ready keys.
    @inlinable
    mutating func removeNextReady() {
        if let key = ready.removeNext() { lists[key].isReady = false }
    }

    /// Gives memory back when nothing waits.
    @inlinable
    mutating func reset() { self = KeyedLine(isFair: ready.isFair) }
}
