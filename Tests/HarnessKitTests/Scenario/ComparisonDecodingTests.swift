import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ComparisonDecodingTests {
    private static func text(_ comparison: String, further: String = "", storm: String = "") -> String {
        Fixture.scenario(
            #""vars": { "rate": "100/s" }, \#(further)"compare": \#(comparison)"#,
            load: #"""
                { "model": "open", "phases": [
                    { "name": "main", "for": "4s", "rate": "${rate}" },\#(storm)
                    { "name": "drain", "until": "empty", "limit": "2s", "measure": false }
                  ] }
                """#,
            targets: #"""
                [{ "id": "q", "use": "fake.queue", "options": { "maxConcurrency": 8 } }, { "id": "p", "use": "peer.fake" }]
                """#
        )
    }

    @Test func everythingIsRead() throws {
        let reading = try Fixture.read(
            Self.text(
                #"""
                { "baseline": "q", "rows": ["phase", "vars.rate"], "columns": "target",
                  "metrics": ["throughput", "response.p99"], "show": ["value", "verdict"], "rankBy": "response.p99",
                  "pareto": ["response.p99", "throughput"] }
                """#
            )
        )
        let comparison = try #require(reading.scenario?.comparison, "\(reading.problems)")
        #expect(comparison.rows == ["phase", "vars.rate"])
        #expect(comparison.show == [.value, .verdict])
        #expect(comparison.rankBy == "response.p99")
        #expect(comparison.pareto == ["response.p99", "throughput"])
        #expect(comparison.isDetailed)
    }

    @Test func whatIsLeftOutIsUsual() throws {
        let comparison = try #require(try Fixture.read(Self.text(#"{ "baseline": "q" }"#)).scenario?.comparison)
        #expect(comparison.rowKeys.isEmpty && comparison.columns == "target")
        #expect(comparison.show == Comparison.Detail.allCases)
        #expect(!comparison.isDetailed)
    }

    @Test(arguments: [
        (#"{ "baseline": "q", "rows": ["phas"] }"#, #"/compare/rows/0: unknown key "phas"; did you mean "phase"?"#),
        (
            #"{ "baseline": "q", "rows": ["vars.rat"] }"#,
            #"/compare/rows/0: unknown key "vars.rat"; did you mean "vars.rate"?"#
        ),
        (
            #"{ "baseline": "q", "rows": ["phase", "phase"] }"#,
            #"/compare/rows/1: "phase" is a key of rows or columns already; remove it here"#
        ),
        (
            #"{ "baseline": "q", "columns": "vars.rate" }"#,
            #"/compare/columns: "vars.rate" changes the plan, and figures of different plans are not compared; "#
                + #"make it one of "rows", and let columns be target, use, clock, phase or options.<name>"#
        ),
        (
            #"{ "baseline": "q", "columns": "targets" }"#,
            #"/compare/columns: "targets" changes the plan, and figures of different plans are not compared; "#
                + #"make it one of "rows", and let columns be target, use, clock, phase or options.<name>"#
        ),
        (
            #"{ "baseline": "q", "columns": "targt" }"#,
            #"/compare/columns: unknown key "targt"; did you mean "target"?"#
        ),
        (
            #"{ "baseline": "q", "columns": "phase" }"#,
            #"/compare/columns: there is nothing to compare: every run has the same phase, "main"; let columns be another key"#
        ),
        (
            #"{ "baseline": "virtual", "columns": "clock" }"#,
            #"/compare/columns: there is nothing to compare: every run has the same clock, "real"; let columns be another key"#
        ),
        (
            #"{ "baseline": "q", "show": ["valu"] }"#,
            #"/compare/show/0: unknown value "valu"; did you mean "value"?"#
        ),
        (
            #"{ "baseline": "q", "rankBy": "responze.p99" }"#,
            #"/compare/rankBy: unknown metric "responze.p99"; did you mean "response.p99"?"#
        ),
        (
            #"{ "baseline": "q", "rankBy": "depth.max" }"#,
            #"/compare/rankBy: "depth.max" is not compared; add it to "metrics""#
        ),
        (
            #"{ "baseline": "q", "metrics": ["offered"], "rankBy": "offered" }"#,
            #"/compare/rankBy: "offered" has no better direction, so that none can be first; name another metric"#
        ),
        (
            #"{ "baseline": "q", "pareto": ["throughput"] }"#,
            #"/compare/pareto: of one metric alone the best is never dominated; name at least two, or use "rankBy""#
        ),
    ])
    func mistakesAreLocated(comparison: String, message: String) throws {
        #expect(try Fixture.problems(Self.text(comparison)) == [message])
    }

    @Test func rowsAreWhatTheMatrixVaries() throws {
        let matrix = #""matrix": { "vars.rate": ["100/s", "200/s"] }, "#
        let comparison = try #require(
            try Fixture.read(Self.text(#"{ "baseline": "q" }"#, further: matrix)).scenario?.comparison
        )
        #expect(comparison.rowKeys == ["vars.rate"])
        #expect(!comparison.isDetailed, "a single combination has one row")
        #expect(
            try Fixture.problems(Self.text(#"{ "baseline": "q", "rows": ["phase"] }"#, further: matrix))
                == [#"/compare/rows: the matrix varies "vars.rate" as well; add it to the rows"#]
        )
    }

    @Test func columnsMayBeAnOption() throws {
        let comparison = try #require(
            try Fixture.read(Self.text(#"{ "baseline": "8", "columns": "options.maxConcurrency" }"#)).scenario?
                .comparison
        )
        #expect(comparison.columns == "options.maxConcurrency")
    }

    private static let storm = #" { "name": "storm", "for": "1s", "rate": "200/s" },"#

    @Test func aPhaseThatIsNotMeasuredIsNoBaseline() throws {
        let text = { (name: String) in Self.text(#"{ "baseline": "\#(name)", "columns": "phase" }"#, storm: Self.storm)
        }
        #expect(try Fixture.problems(text("storm")) == [])
        #expect(
            try Fixture.problems(text("drain"))
                == [#"/compare/baseline: the baseline "drain" is no value of phase; known: main, storm"#]
        )
    }

    private static let noise = #""runs": { "repetitions": 3, "noiseFloor": true }, "#

    @Test func theNoiseFloorIsThatOfTheTargetInTheBaselinesColumn() throws {
        for (comparison, target) in [
            (#"{ "baseline": "peer.fake", "columns": "use" }"#, "p"), (#"{ "baseline": "p" }"#, "p"),
            (#"{ "baseline": "8", "columns": "options.maxConcurrency" }"#, "q"),
        ] {
            let reading = try Fixture.read(Self.text(comparison, further: Self.noise))
            #expect(reading.scenario?.noiseTarget?.id == target, "\(comparison) \(reading.problems)")
        }
    }

    @Test func aBaselineOfSeveralTargetsHasNoNoiseFloor() throws {
        let text = Self.text(#"{ "baseline": "main", "columns": "phase" }"#, further: Self.noise, storm: Self.storm)
        #expect(
            try Fixture.problems(text) == [
                #"/runs/noiseFloor: the noise floor is that of one target, and the baseline "main" is of 2; "#
                    + #"let "columns" be "target", or remove it"#
            ]
        )
    }

    @Test func targetByTargetThereIsNoNoiseFloor() throws {
        let noise = Self.noise.replacing("true", with: #"true, "order": "sequential""#)
        #expect(
            try Fixture.problems(Self.text(#"{ "baseline": "q" }"#, further: noise)) == [
                "/runs/noiseFloor: target by target, no run of the baseline stands among those of the others; "
                    + #"set "order": "interleaved-random", or remove it"#
            ]
        )
    }
}
