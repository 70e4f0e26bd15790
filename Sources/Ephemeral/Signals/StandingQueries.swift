internal import EphemeralTime

/// The queries of a sink that are kept answered: a small bounded set, the least recently used out first, except those
/// that rules rely on.
struct StandingQueries: Sendable {
    private struct Query: Sendable {
        let patterns: SignalPatternSet
        var isFree = false
        /// The matches, in order of time and of number.
        var matches = NumberedRing(blank: Match(number: 0, time: .distantPast))
        var lastUse: UInt64 = 0
        var pins = 0
        var version: UInt64 = 0
    }

    private struct Match: Sendable {
        var number: Int
        let time: Timestamp
    }

    /// How many queries are kept beside the pinned ones.
    static let limit = 32

    private var queries: [Query] = []
    /// The version at which a pinned query changed last: as long as it stays, nobody who relies on one has to be told.
    private(set) var pinnedVersion: UInt64 = 0
    private var uses: UInt64 = 0
    /// The query found last: most are asked many times in a row.
    private var recent = 0

    /// The places of queries, free ones included.
    var indices: Range<Int> { queries.indices }

    /// How many queries there are.
    var count: Int { queries.count { !$0.isFree } }

    /// What a query looks for; nothing when its place is free.
    func patterns(_ query: Int) -> SignalPatternSet { queries[query].patterns }

    func version(of query: Int) -> UInt64 { queries[query].version }

    mutating func find(_ patterns: SignalPatternSet) -> Int? {
        if recent >= queries.count || !isQuery(patterns, at: recent) {
            guard let found = queries.indices.first(where: { isQuery(patterns, at: $0) }) else { return nil }
            recent = found
        }
        uses &+= 1
        queries[recent].lastUse = uses
        return recent
    }

    private func isQuery(_ patterns: SignalPatternSet, at place: Int) -> Bool {
        queries[place].patterns == patterns && !queries[place].isFree
    }

    /// Adds a query, in the place of the least recently used one if there are many.
    mutating func add(_ patterns: SignalPatternSet) -> Int {
        uses &+= 1
        let fresh = Query(patterns: patterns, lastUse: uses)
        if let place = leastRecentlyUsed(ifThereAre: Self.limit) ?? queries.firstIndex(where: { $0.isFree }) {
            queries[place] = fresh
            return place
        }
        queries.append(fresh)
        return queries.count - 1
    }

    mutating func pin(_ query: Int) { queries[query].pins += 1 }

    /// Lets a query go when others are used more.
    ///
    /// - Returns: The query that had to go because there are too many.
    mutating func unpin(_ query: Int) -> Int? {
        queries[query].pins -= 1
        guard let retired = leastRecentlyUsed(ifThereAre: Self.limit + 1) else { return nil }
        queries[retired] = Query(patterns: [], isFree: true)
        return retired
    }

    private func leastRecentlyUsed(ifThereAre limit: Int) -> Int? {
        let unpinned = queries.indices.filter { !queries[$0].isFree && queries[$0].pins == 0 }
        guard unpinned.count >= limit else { return nil }
        return unpinned.min { queries[$0].lastUse < queries[$1].lastUse }
    }
}

// Matches
extension StandingQueries {
    mutating func append(_ number: Int, _ time: Timestamp, to query: Int, version: UInt64) {
        queries[query].matches.append(Match(number: number, time: time))
        setVersion(version, of: query)
    }

    mutating func dropFirst(of query: Int, version: UInt64) {
        queries[query].matches.dropFirst()
        setVersion(version, of: query)
    }

    /// Adds a match that is not the newest.
    ///
    /// The numbers of later ones have been raised by ``renumber(from:)`` before.
    mutating func insert(_ number: Int, _ time: Timestamp, to query: Int, version: UInt64) {
        let place = queries[query].matches.partition { $0.number < number }
        queries[query].matches.insert(Match(number: number, time: time), at: place)
        setVersion(version, of: query)
    }

    /// Raises all numbers from one on by one.
    mutating func renumber(from number: Int) {
        for query in queries.indices {
            var place = queries[query].matches.end - 1
            while place >= queries[query].matches.first, queries[query].matches[place].number >= number {
                queries[query].matches[place].number += 1
                place -= 1
            }
        }
    }

    mutating func remove(_ numbers: Set<Int>, from query: Int, version: UInt64) {
        queries[query].matches.removeAll { numbers.contains($0.number) }
        setVersion(version, of: query)
    }

    mutating func reset(_ query: Int, version: UInt64) {
        queries[query].matches.removeAll()
        setVersion(version, of: query)
    }

    mutating func touch(_ query: Int, version: UInt64) { setVersion(version, of: query) }

    private mutating func setVersion(_ version: UInt64, of query: Int) {
        queries[query].version = version
        if queries[query].pins > 0 { pinnedVersion = version }
    }

    func numbers(of query: Int) -> [Int] {
        queries[query].matches.numbers.map { queries[query].matches[$0].number }
    }

    func newest(of query: Int) -> Int? {
        queries[query].matches.isEmpty ? nil : queries[query].matches[queries[query].matches.end - 1].number
    }

    /// How many matches lie between two times, both included: two binary searches.
    func count(_ query: Int, from earliest: Timestamp?, to latest: Timestamp?) -> Int {
        let first = earliest.map { earliest in queries[query].matches.partition { $0.time < earliest } }
        let end = latest.map { latest in queries[query].matches.partition { $0.time <= latest } }
        return max(0, (end ?? queries[query].matches.end) - (first ?? queries[query].matches.first))
    }
}
