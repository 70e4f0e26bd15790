import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SearchDecodingTests {
    private static let expect = #""expect": [{ "that": "response.p50 < 20ms" }]"#

    private static func load(_ members: String, phases: String = Self.phases) -> String {
        #"{ "model": "search", \#(members)\#(members.isEmpty ? "" : ",") "phases": [\#(phases)] }"#
    }

    private static let phases = #"""
        { "name": "warm", "for": "500ms", "rate": "50%", "measure": false }, { "name": "main", "for": "2s" },
        { "name": "drain", "until": "empty", "limit": "2s", "measure": false }
        """#

    private static let rates = #""from": "100/s", "to": "2000/s""#

    @Test func aSearchIsReadInFull() throws {
        let members = Self.rates + #", "arrivals": "poisson", "precision": "2%", "repeat": 5, "budget": "5m""#
        let reading = try Fixture.read(Fixture.scenario(Self.expect, load: Self.load(members)))
        #expect(reading.problems == [])
        let load = try #require(reading.scenario?.load)
        var expected = RateSearch(from: 100, to: 2000)
        expected.precision = 0.02
        expected.repetitions = 5
        expected.budget = .seconds(300)
        #expect(load.search == expected)
        #expect(load.model == .open(arrivals: .poisson))
        #expect(load.phases.map(\.rate) == [.constant(1000), .constant(2000), .constant(0)])
        let trial = load.trial(at: 400)
        #expect(trial.search == nil)
        #expect(trial.phases.map(\.rate) == [.constant(200), .constant(400), .constant(0)])
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let reading = try Fixture.read(Fixture.scenario(Self.expect, load: Self.load(Self.rates)))
        let search = try #require(reading.scenario?.load.search)
        #expect(search == RateSearch(from: 100, to: 2000))
        #expect(search.precision == 0.05)
        #expect(search.repetitions == 3)
    }

    @Test(arguments: [
        ("", #"/load: the key "from" is missing; add it: the lowest rate of interest, which is tried first"#),
        (#""from": "0/s", "to": "9/s""#, "/load/from: a search cannot begin at no rate at all"),
        (#""from": "9/s", "to": "9/s""#, #"/load/to: "to" must be more than "from""#),
        (#""from": 9, "to": "10/s""#, "/load/from: the number 9 has no unit"),
        (rates + #", "precision": "0%""#, "/load/precision: the precision is out of range; write a share from 0.5%"),
        (rates + #", "repeat": 0"#, "/load/repeat: 0 is out of range; write a whole number from 1 to 25"),
        (rates + #", "budget": "0s""#, "/load/budget: the duration is zero"),
        (rates + #", "bursts": []"#, #"/load/bursts: "bursts": a search sets the rates itself; remove it"#),
        (rates + #", "think": "1ms""#, #"/load/think: "think": it belongs to closed load"#),
        (rates + #", "precison": "5%""#, #"/load/precison: unknown key "precison"; did you mean "precision"?"#),
    ])
    func mistakesOfTheSearchAreLocated(members: String, expected: String) throws {
        let problems = try Fixture.problems(Fixture.scenario(Self.expect, load: Self.load(members)))
        #expect(problems.contains { $0.hasPrefix(expected) }, "\(problems)")
    }

    @Test(arguments: [
        (
            #"{ "name": "main", "for": "2s", "rate": "500/s" }"#,
            #"/load/phases/0/rate: a search sets the rates itself; write a share of the rate that is tried, as "50%""#
        ),
        (#"{ "name": "main", "operations": 9, "limit": "1s" }"#, "/load/phases/0/operations: "),
        (#"{ "name": "main" }"#, #"/load/phases/0: a phase needs one of "for", "until" with "limit" and has none"#),
    ])
    func mistakesOfPhasesAreLocated(phases: String, expected: String) throws {
        let text = Fixture.scenario(Self.expect, load: Self.load(Self.rates, phases: phases))
        let problems = try Fixture.problems(text)
        #expect(problems.contains { $0.hasPrefix(expected) }, "\(problems)")
    }

    @Test(arguments: [
        (#""name": "x""#, "/load: nothing tells on the real clock whether a rate holds for \"q\"; add an expectation"),
        (
            #""expect": [{ "that": "response.p50 < 20ms", "target": "q" }]"#,
            "/load: nothing tells on the real clock whether a rate holds for \"p\""
        ),
        (
            #""expect": [{ "that": "response.p50 < 20ms", "level": "warn" }]"#,
            "/load: nothing tells on the real clock whether a rate holds for \"q\""
        ),
        (
            #""expect": [{ "that": "throughput.capacity > 20/s" }]"#,
            "/load: nothing tells on the real clock whether a rate holds for \"q\""
        ),
        (
            #""expect": [{ "that": "response.p99 < 20ms" }]"#,
            "/expect/0/that: at 100/s a trial measures about 200 operations, and this percentile needs 1000; raise \"from\""
        ),
        (
            #""expect": [{ "that": "response.p50 < 1s", "window": { "from": "600ms", "to": "700ms" } }]"#,
            "/expect/0/that: at 100/s a trial measures about 10 operations, and this percentile needs 20; raise \"from\", "
                + "lengthen the window or name"
        ),
        (
            #""expect": [{ "that": "success.ratio > 20x", "target": "q", "versus": "p" }, { "that": "lost == 0" }]"#,
            "/expect/0/versus: a trial runs one target alone"
        ),
        (
            #""expect": [{ "that": "lost == 0" }, { "that": "throughput.capacity > 20/s", "phase": "main" }]"#,
            "/expect/1/phase: \"throughput.capacity\" is of the whole search; remove \"phase\""
        ),
        (
            expect + #", "runs": { "repetitions": 3 }"#,
            "/runs/repetitions: \"repetitions\" does not go with a search; write \"repeat\" within \"load\""
        ),
        (expect + #", "runs": { "processes": 1 }"#, "/runs/processes: \"processes\" does not go with a search; rem"),
        (expect + #", "runs": { "budget": "1m" }"#, "/runs/budget: \"budget\" does not go with a search; move it"),
        (
            expect + #", "clock": "virtual", "runs": { "virtualSeeds": 20 }"#,
            "/runs/virtualSeeds: \"virtualSeeds\" does not go with a search; remove it"
        ),
        (
            expect + #", "regress": { "paired": { "throughput.capacity": "5%" } }"#,
            "/regress/paired: pairs are of single runs, and a search makes many"
        ),
    ])
    func whatDoesNotGoWithASearchIsRefused(members: String, expected: String) throws {
        let text = Fixture.scenario(members, load: Self.load(Self.rates))
            .replacing(#""name": "small", "#, with: members.hasPrefix(#""name""#) ? "" : #""name": "small", "#)
        let problems = try Fixture.problems(text)
        #expect(problems.contains { $0.hasPrefix(expected) }, "\(problems)")
    }

    @Test(arguments: [
        (#""expect": [{ "that": "throughput.capacity>=20/s" }]"#, "/expect/0/that"),
        (#""compare": { "baseline": "q", "metrics": ["throughput.capacity"] }"#, "/compare/metrics/0"),
        (#""regress": { "observe": { "throughput.capacity": "5%" } }"#, "/regress/observe/throughput.capacity"),
        (#""regress": { "exact": ["throughput.capacity"] }"#, "/regress/exact/0"),
    ])
    func theResultOfASearchNeedsOne(members: String, pointer: String) throws {
        let problems = try Fixture.problems(Fixture.scenario(members))
        let expected = #"\#(pointer): "throughput.capacity" is what a search finds; set "model": "search" in "load""#
        #expect(problems == [expected])
    }

    @Test func openLoadNamesTheModelThatItsKeysBelongTo() throws {
        let load = #"{ "model": "open", "from": "1/s", "phases": [{ "name": "a", "for": "1s", "rate": "9/s" }] }"#
        let problems = try Fixture.problems(Fixture.scenario("", load: load))
        #expect(problems == [#"/load/from: "from": it belongs to a search; remove it or set "model": "search""#])
    }

    @Test func notesSayHowMuchASearchMayTakeAndWhereTheCapacityLies() throws {
        let targets = #"[{ "id": "q", "use": "fake.queue", "options": { "maxConcurrency": 8 } }]"#
        let work = #", "work": { "time": "8ms", "as": "suspend" }"#
        let text = Fixture.scenario(Self.expect + work, load: Self.load(Self.rates), targets: targets)
        let notes = AnalyticNotes.notes(for: try #require(try Fixture.read(text).scenario))
        #expect(
            notes == [
                "search from 100/s to 2000/s to 5 %: at most 30 trials of each target (10 in each of 3 repetitions) of "
                    + "4500ms at most, 135 s in all",
                "target 'q': capacity 8 / 8 ms = 1000/s",
            ]
        )
        let narrow = text.replacing("2000/s", with: "900/s")
        let others = AnalyticNotes.notes(for: try #require(try Fixture.read(narrow).scenario))
        #expect(others.last == "target 'q': the search ends below the capacity, at 900/s")
    }
}
