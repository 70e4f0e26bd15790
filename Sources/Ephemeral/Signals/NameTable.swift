/// The signal names that a sink has seen lately, with the standing queries that each one feeds.
///
/// Names are found through a small cache in front of a dictionary; names without live events are forgotten in bulk when
/// there are many, so that a million distinct names take no more room than the window has events.
struct NameTable: Sendable {
    private struct Entry: Sendable {
        let name: String
        let isASCII: Bool
        var live = 0
        /// Whether the place is free for another name.
        var isFree = false

        init(_ name: String) {
            self.name = name
            isASCII = name.utf8Span.isKnownASCII
        }

        /// A place that is free.
        init() {
            self.init("")
            isFree = true
        }
    }

    /// Names kept without live events before they are swept.
    static let idleLimit = 16_384

    private var entries: [Entry] = []
    private var places: [SignalName: Int] = [:]
    private var free: [Int] = []
    private var idle = 0
    private var cache = NameCache()
    private var feeds = FeedTable()

    /// The names that are known, those without live events included.
    var count: Int { places.count }

    func name(_ place: Int) -> String { entries[place].name }

    func liveCount(_ place: Int) -> Int { entries[place].live }

    func isFeeding(_ query: Int, from place: Int) -> Bool { feeds.contains(query, of: place) }

    /// Calls `body` with each query that a name feeds.
    func forEachQuery(fedBy place: Int, _ body: (_ query: Int) -> Void) {
        feeds.forEach(of: place, body)
    }

    /// Counts a live signal of a name, which is entered if it is new.
    ///
    /// - Returns: The place of the name.
    mutating func add(_ name: SignalName, standing: borrowing StandingQueries) -> Int {
        var place = cache[name.quickHash]
        if place < 0 || !isName(name.text, at: place) {
            place = places[name] ?? enter(name, standing)
            cache[name.quickHash] = place
        }
        if entries[place].live == 0 { idle -= 1 }
        entries[place].live += 1
        return place
    }

    mutating func remove(_ place: Int) {
        entries[place].live -= 1
        if entries[place].live == 0 { idle += 1 }
    }

    /// The place of a name, if it is known.
    func find(_ name: SignalName) -> Int? {
        let place = cache[name.quickHash]
        return place >= 0 && isName(name.text, at: place) ? place : places[name]
    }

    /// Whether a name stands at a place: byte by byte, as ``SignalName`` compares.
    private func isName(_ name: String, at place: Int) -> Bool {
        guard entries[place].name == name, entries[place].name.utf8.count == name.utf8.count else { return false }
        return entries[place].isASCII || entries[place].name.utf8.elementsEqual(name.utf8)
    }

    private mutating func enter(_ name: SignalName, _ standing: borrowing StandingQueries) -> Int {
        if idle > Self.idleLimit { sweep() }
        let place = free.popLast() ?? entries.count
        if place == entries.count { entries.append(Entry(name.text)) } else { entries[place] = Entry(name.text) }
        places[name] = place
        idle += 1
        feeds.clear(place)
        for query in standing.indices where standing.patterns(query).matches(name.text) {
            feeds.insert(query, of: place)
        }
        cache.makeRoom(for: entries.count)
        return place
    }

    private mutating func sweep() {
        for place in entries.indices where entries[place].live == 0 && !entries[place].isFree {
            places[SignalName(entries[place].name)] = nil
            entries[place] = Entry()
            free.append(place)
        }
        idle = 0
        cache.forget()
    }

    /// Lets the names that match, and no others, feed a query.
    mutating func connect(_ query: Int, to patterns: SignalPatternSet) {
        feeds.clear(query: query)
        for place in entries.indices where !entries[place].isFree && patterns.matches(entries[place].name) {
            feeds.insert(query, of: place)
        }
    }
}
