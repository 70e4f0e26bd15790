import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct StandingQueryTests {
    private static func pattern(_ number: Int) -> SignalPatternSet { ["query.\(number)*"] }

    @Test func theLeastRecentlyUsedQueryGoesFirst() {
        var standing = StandingQueries()
        for number in 0..<StandingQueries.limit { _ = standing.add(Self.pattern(number)) }
        #expect(standing.find(Self.pattern(0)) != nil)
        _ = standing.add(Self.pattern(1000))
        #expect(standing.find(Self.pattern(1)) == nil)
        #expect(standing.find(Self.pattern(0)) != nil)
        #expect(standing.find(Self.pattern(1000)) != nil)
    }

    @Test func pinnedQueriesStayAndAreNotCounted() {
        var window = SignalWindow.forTests()
        let pinned = window.place(of: ["pinned.*"])
        window.pin(pinned)
        for number in 0..<200 { _ = window.place(of: Self.pattern(number)) }
        #expect(window.place(of: ["pinned.*"]) == pinned)
        window.raise(1, "pinned.1")
        #expect(window.reading(pinned).newest?.signal == "pinned.1")
    }

    @Test func anyNumberOfPinnedQueriesWorks() {
        var window = SignalWindow.forTests()
        let places = (0..<150).map { window.place(of: Self.pattern($0)) }
        for (number, place) in places.enumerated() where number % 2 == 0 { window.pin(place) }
        let pinned = (0..<150).map { number in
            let place = window.place(of: ["pinned.\(number)"])
            window.pin(place)
            return place
        }
        #expect(Set(pinned).count == 150)
        for number in 0..<150 { window.raise(Int64(number), "pinned.\(number)") }
        for (number, place) in pinned.enumerated() {
            #expect(window.reading(place).newest?.signal == (number < 50 ? nil : "pinned.\(number)"))
        }
    }

    @Test func queriesThatAreNoLongerPinnedGiveTheirRoomBack() {
        var window = SignalWindow.forTests()
        let places = (0..<500).map { number in
            let place = window.place(of: Self.pattern(number))
            window.pin(place)
            return place
        }
        for place in places { window.unpin(place) }
        #expect(window.standing.count <= StandingQueries.limit)
        window.raise(1, "query.499")
        #expect(window.count(Self.pattern(499), since: nil) == 1)
        #expect(window.count(Self.pattern(4), since: nil) == 1)
        #expect(window.count(Self.pattern(3), since: nil) == 0)
    }

    @Test func aQueryInTheRoomOfAnotherCountsOnlyItsOwn() {
        var window = SignalWindow.forTests()
        for number in 0..<100 { window.raise(Int64(number), "query.\(number)") }
        for round in 0..<3 {
            for number in 0..<100 {
                let expected = number == 0 ? 1 : (0..<100).count { "\($0)".hasPrefix("\(number)") }
                #expect(window.count(Self.pattern(number), since: nil) == expected, "round \(round)")
            }
        }
    }

    @Test func theEmptyNameIsANameLikeOthers() {
        var window = SignalWindow.forTests()
        window.raise(1, "")
        window.raise(2, "a")
        #expect(window.count(["*"], since: nil) == 2)
        #expect(window.names(["*"]) == ["", "a"])
        #expect(window.countOf(name: "") == 1)
    }

    @Test func removalOfExactNamesLeavesStandingQueriesAlone() {
        var window = SignalWindow.forTests()
        let place = window.place(of: ["a*"])
        for number in 0..<100 {
            window.raise(Int64(number), "once.\(number)")
            #expect(window.remove(SignalPatternSet(.exactly("once.\(number)"))).count == 1)
        }
        #expect(window.standing.count == 1)
        #expect(window.place(of: ["a*"]) == place)
    }
}
