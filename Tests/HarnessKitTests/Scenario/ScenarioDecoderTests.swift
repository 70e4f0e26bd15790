import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ScenarioDecoderTests {
    struct Mistake: CustomTestStringConvertible {
        var members = ""
        var load = Fixture.openLoad
        var targets: String?
        var expected: [String]

        var testDescription: String { expected.first ?? "" }

        init(_ members: String, _ expected: String...) {
            self.members = members
            self.expected = expected
        }

        init(phases: String, _ expected: String...) {
            load = #"{ "model": "open", "phases": [\#(phases)] }"#
            self.expected = expected
        }

        init(load: String, _ expected: String...) {
            self.load = load
            self.expected = expected
        }

        init(targets: String, _ expected: String...) {
            self.targets = targets
            self.expected = expected
        }

        var text: String {
            guard let targets else { return Fixture.scenario(members, load: load) }
            return Fixture.scenario(members, load: load, targets: targets)
        }
    }

    @Test func smallestScenarioHasTheDefaults() throws {
        let scenario = try #require(try Fixture.read(Fixture.scenario()).scenario)
        var expected = Scenario(
            name: "small",
            summary: "",
            seed: 5,
            targets: [TargetSpec(id: "q", use: "fake.queue"), TargetSpec(id: "p", use: "peer.fake")],
            load: Load(
                model: .open(arrivals: .even),
                phases: [
                    Phase(name: "main", end: .after(.seconds(4)), rate: .constant(100)),
                    Phase(name: "drain", end: .empty(limit: .seconds(2)), measure: false),
                ]
            )
        )
        expected.invariants = .listed([])
        #expect(scenario == expected)
    }

    @Test(arguments: [
        Mistake(#""matrix": {}"#, #"/matrix: the matrix leaves no variant; give a list of values, or remove it"#),
        Mistake(#""sumary": """#, #"/sumary: unknown key "sumary"; did you mean "summary"?"#),
        Mistake(#""clock": "wall""#, #"/clock: unknown clock "wall"; write "real" or "virtual""#),
        Mistake(#""clock": []"#, #"/clock: the list of clocks is empty; write "real" or "virtual""#),
        Mistake(
            #""clock": ["virtual", "virtual"]"#,
            #"/clock/1: the clock "virtual" is there already; remove this one"#
        ),
        Mistake(
            #""clock": "virtual", "expect": [{ "that": "cpu.perOperation < 1ms" }]"#,
            #"/expect/0/that: "cpu.perOperation" is measured on the real clock alone"#
        ),
        Mistake(
            #""expect": [{ "that": "hops.perOperation < 9" }]"#,
            #"/expect/0/that: "hops.perOperation" is measured on the virtual clock alone"#
        ),
        Mistake(
            #""runs": { "virtualSeeds": 20 }"#,
            #"/runs/virtualSeeds: "virtualSeeds" goes with the virtual clock; add "clock": "virtual", or remove it"#
        ),
        Mistake(
            #""runs": { "verifyDeterminism": true }"#,
            #"/runs/verifyDeterminism: "verifyDeterminism" goes with the virtual clock; add "clock": "virtual", or "#
                + "remove it"
        ),
        Mistake(#""tags": "ci""#, "/tags: expected an array, found a string"),
        Mistake(#""tags": [1]"#, "/tags/0: expected a string, found the number 1"),
        Mistake(#""record": "histroy""#, #"/record: unknown value "histroy"; did you mean "history"?"#),
        Mistake(
            #""runs": { "repetitions": 0 }"#,
            "/runs/repetitions: 0 is out of range; write a whole number from 1 to 1000"
        ),
        Mistake(
            #""runs": { "repetitions": "3" }"#,
            "/runs/repetitions: expected a number, found a string; write 3 without quotes"
        ),
        Mistake(#""runs": { "repetitions": 1.5 }"#, "/runs/repetitions: expected a whole number, found the number 1.5"),
        Mistake(
            #""runs": { "noiseFloor": true }"#,
            #"/runs/noiseFloor: the noise floor takes at least two runs of each target; set "repetitions" or "processes" to 2 or more"#
        ),
        Mistake(
            #""clock": "virtual", "work": { "time": "1ms" }, "runs": { "noiseFloor": true, "repetitions": 3 }"#,
            #"/runs/noiseFloor: in virtual time a figure differs from itself by exactly 0; add "clock": "real", or remove it"#
        ),
        Mistake(
            #""report": { "formats": ["html"] }"#,
            #"/report/formats/0: this version does not write the report format "html" yet; remove it"#
        ),
        Mistake(
            #""report": { "formats": ["markdwon"] }"#,
            #"/report/formats/0: unknown report format "markdwon"; did you mean "markdown"?"#
        ),
        Mistake(
            #""compare": { "baseline": "qq" }"#,
            #"/compare/baseline: the baseline "qq" is the id of no target; did you mean "q"?"#
        ),
        Mistake(
            #""compare": { "baseline": "q", "metrics": ["througput"] }"#,
            #"/compare/metrics/0: unknown metric "througput"; did you mean "throughput"?"#
        ),
        Mistake(
            #""record": "counts", "compare": { "baseline": "q", "metrics": ["response.p50"] }"#,
            #"/compare/metrics/0: "response.p50" is not measured with "record": "counts"; set "record": "latency""#
        ),
    ])
    func mistakesOfSettingsAreLocated(_ mistake: Mistake) throws {
        #expect(try Fixture.problems(mistake.text) == mistake.expected)
    }

    @Test(arguments: [
        Mistake(
            load: #"{ "phases": [] }"#,
            #"/load: the key "model" is missing; write "model": "open", "closed" or "search""#
        ),
        Mistake(
            load: #"{ "model": "opne", "phases": [] }"#,
            #"/load/model: unknown load model "opne"; did you mean "open"?"#
        ),
        Mistake(
            load: #"{ "model": "trace", "phases": [] }"#,
            #"/load/model: this version does not support the load model "trace" yet; write "open", "closed" or "search""#
        ),
        Mistake(load: "[]", "/load: expected the load as an object, found an array"),
        Mistake(phases: "", "/load/phases: the list is empty; write at least one phase"),
        Mistake(
            phases: #"{ "name": "a", "for": "0s", "rate": "1/s" }"#,
            #"/load/phases/0/for: the duration is zero; write a longer one, as "250ms""#
        ),
        Mistake(
            phases: #"{ "name": "a", "for": "1s" }"#,
            #"/load/phases/0: the key "rate" is missing; a phase with "for" needs it"#
        ),
        Mistake(
            phases: #"{ "name": "a" }"#,
            #"/load/phases/0: a phase needs one of "for" with "rate", "until" with "limit" and has none"#
        ),
        Mistake(
            phases: #"{ "name": "a b", "for": "1s", "rate": "1/s" }"#,
            "/load/phases/0/name: \"a b\" is not a name; \(Identifier.rule)"
        ),
        Mistake(
            phases: #"{ "name": "a", "for": "1s", "rate": "1/s" }, { "name": "a", "for": "1s", "rate": "1/s" }"#,
            #"/load/phases/1/name: the phase "a" exists already; give this one another name"#
        ),
        Mistake(
            phases: #"{ "name": "a", "until": "empty", "limit": "1s" }, { "name": "b", "for": "1s", "rate": "1/s" }"#,
            #"/load/phases/0/until: only the last phase can wait until the target is empty; give this one a time ("for")"#
        ),
        Mistake(
            phases: #"{ "name": "a", "until": "empty", "limit": "1s" }"#,
            #"/load/phases/0/until: the only phase offers no load; put a phase with a time ("for") before it"#
        ),
        Mistake(
            phases: #"{ "name": "a", "operations": 5, "limit": "1s" }"#,
            #"/load/phases/0/operations: "operations": it belongs to closed load; remove it or set "model": "closed""#
        ),
        Mistake(
            phases: #"{ "name": "a", "for": "1s", "rate": { "from": "1/s" } }"#,
            #"/load/phases/0/rate: the key "to" is missing; a rate curve with "from" needs it"#
        ),
        Mistake(
            phases: #"{ "name": "a", "for": "1s", "rate": { "sine": 1, "from": "1/s", "to": "2/s" } }"#,
            #"/load/phases/0/rate/sine: "sine": this version does not support it yet; remove it"#
        ),
        Mistake(
            phases: #"{ "name": "a", "for": "1s", "rate": { "steps": ["1/s", { "rate": "2/s", "for": "2s" }] } }"#,
            "/load/phases/0/rate/steps: the steps last longer than their phase (1s); shorten them"
        ),
        Mistake(
            phases: #"{ "name": "a", "for": "8760h", "rate": "1000000000/s" }"#,
            "/load/phases: the load offers about 3.1536e+16 operations, more than the 50000000 of one run; "
                + "lower the rates or shorten the phases"
        ),
        Mistake(
            load: #"{ "model": "open", "producers": 4, "phases": [{ "name": "a", "for": "1s", "rate": "1/s" }] }"#,
            #"/load/producers: the producers of open load are independent; write "independent", or set "model": "closed" for a number of loops"#
        ),
        Mistake(
            load: #"{ "model": "open", "late": "drop", "phases": [{ "name": "a", "for": "1s", "rate": "1/s" }] }"#,
            #"/load/late: "late": "drop" needs a bound; add "fidelity": { "lateness.p99": "1ms" }"#
        ),
        Mistake(
            load:
                #"{ "model": "open", "phases": [{ "name": "a", "for": "2s", "rate": "1/s" }], "bursts": [{ "id": "b", "at": "1500ms", "count": 5, "over": "1s" }] }"#,
            "/load/bursts/0: the burst ends after the last phase with load, at 2s; move it or lengthen the phase"
        ),
        Mistake(
            load:
                #"{ "model": "open", "phases": [{ "name": "a", "for": "2s", "rate": "1/s" }], "bursts": [{ "id": "b", "at": "1s", "count": 5, "rate": "1/s", "for": "1s", "over": "1s" }] }"#,
            #"/load/bursts/0: a burst needs one of "count" with "over", "rate" with "for" and has several"#
        ),
        Mistake(
            load: #"{ "model": "closed", "phases": [{ "name": "a", "for": "2s", "rate": "1/s" }], "bursts": [] }"#,
            #"/load: the key "producers" is missing; add it: number of loops"#,
            #"/load/phases/0/rate: "rate": closed load goes as fast as its loops; remove it or set "model": "open""#,
            #"/load/bursts: "bursts": it belongs to open load; remove it or set "model": "open""#
        ),
        Mistake(
            load: #"{ "model": "closed", "producers": 0, "phases": [{ "name": "a", "operations": 1 }] }"#,
            "/load/producers: 0 is out of range; write a whole number from 1 to 100000",
            #"/load/phases/0: the key "limit" is missing; a phase with "operations" needs it"#
        ),
        Mistake(
            load:
                #"{ "model": "open", "keys": { "dist": "zipf", "count": 5 }, "phases": [{ "name": "a", "for": "1s", "rate": "1/s" }] }"#,
            #"/load/keys: the key "s" is missing; add it: exponent; 0 is uniform"#
        ),
        Mistake(
            load:
                #"{ "model": "open", "keys": { "dist": "hot-set", "count": 5 }, "phases": [{ "name": "a", "for": "1s", "rate": "1/s" }] }"#,
            #"/load/keys/dist: this version does not support the key distribution "hot-set" yet; known: uniform, zipf, round-robin"#
        ),
    ])
    func mistakesOfTheLoadAreLocated(_ mistake: Mistake) throws {
        #expect(try Fixture.problems(mistake.text) == mistake.expected)
    }

    @Test(arguments: [
        Mistake(targets: "[]", "/targets: the list is empty; write at least one target"),
        Mistake(
            targets: #"[{ "id": "q", "use": "fake.queue" }, { "id": "q", "use": "peer.fake" }]"#,
            #"/targets/1/id: the target "q" exists already; give this one another id"#
        ),
        Mistake(
            targets:
                #"[{ "id": "q", "use": "fake.queue", "options": { "maxConcurency": 4, "order": "fifoo", "timeout": 5 } }]"#,
            #"/targets/0/options/maxConcurency: unknown key "maxConcurency"; did you mean "maxConcurrency"?"#,
            #"/targets/0/options/order: unknown value "fifoo"; did you mean "fifo"?"#,
            #"/targets/0/options/timeout: the number 5 has no unit; write "5ms" or "5s""#
        ),
        Mistake(
            targets: #"[{ "id": "q", "use": "fake.queue", "options": { "maxConcurrency": 0 } }]"#,
            "/targets/0/options/maxConcurrency: option \"maxConcurrency\": 0 is too small; write 1 or more"
        ),
        Mistake(
            targets:
                #"[{ "id": "q", "use": "fake.queue", "options": { "backoff": { "base": "1ms", "factor": 0.5 } } }]"#,
            "/targets/0/options/backoff/factor: option \"backoff/factor\": 0.5 shrinks; write 1 or more"
        ),
        Mistake(
            targets: #"[{ "id": "q", "use": "fake.queue", "options": { "backoff": {} } }]"#,
            #"/targets/0/options/backoff: the key "base" is missing; add it"#
        ),
        Mistake(
            targets: #"[{ "id": "q", "use": "fake.queue", "options": { "deferOn": 3 } }]"#,
            "/targets/0/options/deferOn: expected text or list of text, found the number 3"
        ),
        Mistake(
            targets: #"[{ "id": "q", "use": "peer.fake", "options": { "x": 1 }, "together": true }]"#,
            #"/targets/0/options/x: unknown key "x""#,
            #"/targets/0/together: "together": this version does not support it yet; remove it"#
        ),
        Mistake(
            targets: #"[{ "id": "q", "use": "peer.fake", "requires": ["redis"] }]"#,
            #"/targets/0/requires/0: peer.fake does not know the requirement "redis"; remove it"#
        ),
        Mistake(
            targets: #"[{ "id": "q", "use": "peer.fake", "otherwise": "pass" }]"#,
            #"/targets/0/otherwise: unknown value "pass"; known: fail, skip"#
        ),
    ])
    func mistakesOfTargetsAreLocated(_ mistake: Mistake) throws {
        #expect(try Fixture.problems(mistake.text) == mistake.expected)
    }

    @Test(arguments: [
        Mistake(
            #""work": { "time": { "dist": "lognormal", "median": "2ms", "p99": "1ms" } }"#,
            #"/work/time/p99: "p99" must be more than "median""#
        ),
        Mistake(
            #""work": { "time": { "dist": "uniform", "min": "2ms", "max": "1ms" } }"#,
            #"/work/time/max: "max" must be at least "min""#
        ),
        Mistake(
            #""work": { "time": { "dist": "exponental", "mean": "2ms" } }"#,
            #"/work/time/dist: unknown distribution "exponental"; did you mean "exponential"?"#
        ),
        Mistake(#""work": { "time": 8 }"#, #"/work/time: the number 8 has no unit; write "8ms" or "8s""#),
        Mistake(#""work": { "as": "sleep" }"#, #"/work/as: unknown value "sleep"; known: suspend, cpu, none"#),
        Mistake(
            #""faults": [{ "id": "f", "rate": "1%", "error": "e", "delay": "1ms" }]"#,
            #"/faults/0: a fault needs one of "error", "delay", "use" and has several"#
        ),
        Mistake(
            #""faults": [{ "id": "f", "rate": "1%", "error": "e", "part": 0 }]"#,
            #"/faults/0/part: 0 is out of range; write a whole number from 1 to 1000000"#
        ),
        Mistake(
            #""faults": [{ "id": "f", "rate": "1%", "error": "e", "during": "mian" }]"#,
            #"/faults/0/during: there is no phase "mian"; did you mean "main"?"#
        ),
        Mistake(
            #""faults": [{ "id": "f", "rate": "1%", "error": "e", "during": { "from": "2s", "to": "1s" } }]"#,
            #"/faults/0/during/to: "to" must be more than "from""#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "pause": true } }]"#,
            #"/timeline/0: the key "for" is missing; a pause needs it, because nothing else resumes the target"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "cancel": true } }]"#,
            "/timeline/0: no target understands this event; remove it, or add a target that does"
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "drain": true } }]"#,
            "/timeline/0: no target understands this event; remove it, or add a target that does"
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "drain": true }, "for": "1s" }]"#,
            "/timeline/0: no target understands this event; remove it, or add a target that does",
            #"/timeline/0/for: "for" goes with "signal", "mark", "pause", "set" and faults that last; remove it"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "pause": false }, "for": "1s" }]"#,
            "/timeline/0/do/pause: expected true, found false"
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": {} }]"#,
            #"/timeline/0/do: an action needs one of "signal", "retract", "mark", "cancel", "drain", "pause", "setMaxConcurrency", "set" with "to", "fault" with "scope" and has none"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "fault": "stall", "scope": "store" } }]"#,
            #"/timeline/0: the key "for" is missing; a stall needs it, because nothing else puts it right"#,
            "/timeline/0: no target understands this event; remove it, or add a target that does"
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "fault": "kill", "scope": "worker" }, "for": "1s" }]"#,
            "/timeline/0: no target understands this event; remove it, or add a target that does",
            #"/timeline/0/for: "for" goes with "signal", "mark", "pause", "set" and faults that last; remove it"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "fault": "kill", "scope": "workers" } }]"#,
            #"/timeline/0/do/fault: the workers can only stall; write "fault": "stall", or another scope"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "fault": "delay", "scope": "store" }, "for": "1s" }]"#,
            #"/timeline/0/do/fault: the key "delay" is missing; a delay needs it"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "fault": "cut", "scope": "store", "delay": "1ms" }, "for": "1s" }]"#,
            #"/timeline/0/do/delay: "delay" goes with "fault": "delay" only; remove it"#
        ),
        Mistake(
            #""timeline": [{ "at": "7s", "do": { "mark": "m" } }]"#,
            "/timeline/0/at: the event happens after the run, which lasts at most 6s; move it"
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "times": 3, "do": { "mark": "m" } }]"#,
            #"/timeline/0/times: "times" needs "every"; add the distance of the repetitions"#
        ),
        Mistake(
            #""timeline": [{ "id": "main", "at": "1s", "do": { "mark": "m" } }]"#,
            #"/timeline/0/id: a burst or phase is called "main" already; give the event another id"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "set": "work.tme", "to": "1ms" } }]"#,
            #"/timeline/0/do/set: unknown value "work.tme"; did you mean "work.time"?"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "set": "work.time" } }]"#,
            #"/timeline/0/do: the key "to" is missing; an action with "set" needs it"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "mark": "m", "to": "1ms" } }]"#,
            #"/timeline/0/do/to: "to" goes with "set" only; remove it"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "set": "work.time", "to": "1ms" } }]"#,
            #"/timeline/0: the work is not spent, so that nothing changes; set "as" of "work" to "suspend""#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "do": { "fault": "stall", "scope": "workers" } }]"#,
            #"/timeline/0: the key "for" is missing; a stall needs it, because nothing else puts it right"#
        ),
        Mistake(
            #""timeline": [{ "at": "1s", "for": "1s", "do": { "fault": "stall", "scope": "wrkers" } }]"#,
            #"/timeline/0/do/scope: unknown value "wrkers"; did you mean "workers"?"#
        ),
    ])
    func mistakesOfWorkAndEventsAreLocated(_ mistake: Mistake) throws {
        #expect(try Fixture.problems(mistake.text) == mistake.expected)
    }

    @Test(arguments: [
        Mistake(#""invariants": "al""#, #"/invariants: unknown selection "al"; write "all" or a list of invariants"#),
        Mistake(
            #""invariants": ["fake.bond"]"#,
            #"/invariants/0: unknown invariant "fake.bond"; did you mean "fake.bound"?"#
        ),
        Mistake(#""invariants": ["fake.bound"]"#, #"/invariants/0: the key "most" is missing; add it"#),
        Mistake(
            #""invariants": [{ "use": "fake.bound", "most": -1 }]"#,
            "/invariants/0/most: option \"most\": write 0 or more"
        ),
        Mistake(
            #""invariants": [{ "use": "fake.bound", "most": 1, "least": 2 }]"#,
            #"/invariants/0/least: unknown key "least"; known: most"#
        ),
        Mistake(
            #""expect": [{ "that": "response.p99 < 1s", "phase": "mainn" }]"#,
            #"/expect/0/phase: there is no phase "mainn"; did you mean "main"?"#
        ),
        Mistake(
            #""expect": [{ "that": "lost == 0", "target": "x*" }]"#,
            #"/expect/0/target: "x*" matches the id of no target; known: q, p"#
        ),
        Mistake(
            #""expect": [{ "that": "throughput >= 6x", "target": "q", "versus": "q*" }]"#,
            #"/expect/0/versus: "q*" matches no target besides "q" itself; name others"#
        ),
        Mistake(
            #""expect": [{ "that": "offered >= 6x", "target": "q", "versus": "p" }]"#,
            #"/expect/0/that: "offered" has no better direction, so that there is no best target to compare with"#
        ),
        Mistake(
            #""expect": [{ "that": "time.until(start) < 5ms" }]"#,
            #"/expect/0: the key "after" is missing; time.until counts from a burst, phase or timeline event"#
        ),
        Mistake(
            #""expect": [{ "that": "time.until(start) < 5ms", "after": "mani.end" }]"#,
            #"/expect/0/after: there is no burst, phase or timeline event "mani"; did you mean "main"?"#
        ),
        Mistake(
            #""expect": [{ "that": "response.p99 < 1s", "window": { "from": "5s", "to": "9s" } }]"#,
            "/expect/0/window: the window ends after the run, which lasts at most 6s; end it before"
        ),
        Mistake(
            #""expect": [{ "that": "response.p99 < 1s", "clock": "virtual" }]"#,
            #"/expect/0/clock: the scenario is not run on the virtual clock; add it to "clock", or remove this"#
        ),
        Mistake(
            #""record": "counts", "expect": [{ "that": "response.p99 < 1s" }]"#,
            #"/expect/0/that: "response.p99" is not measured with "record": "counts"; set "record": "latency""#
        ),
    ])
    func mistakesOfChecksAreLocated(_ mistake: Mistake) throws {
        #expect(try Fixture.problems(mistake.text) == mistake.expected)
    }

    @Test func levelThatCannotAnswerAnInvariantIsAWarning() throws {
        let text = Fixture.scenario(#""record": "latency", "invariants": [{ "use": "fake.bound", "most": 1 }]"#)
        let reading = try Fixture.read(text)
        #expect(reading.scenario != nil)
        #expect(reading.warnings.count == 1)
        #expect(reading.warnings.first?.severity == .warning)
        #expect(
            reading.warnings.first?.description.contains("/invariants/0: warning: the invariant \"fake.bound\"") == true
        )
    }

    @Test func eventThatSomeTargetsDoNotUnderstandIsAWarning() throws {
        let text = Fixture.scenario(#""timeline": [{ "at": "1s", "do": { "signal": "s" } }]"#)
        let reading = try Fixture.read(text)
        #expect(reading.scenario?.timeline == [TimelineEvent(id: "event-1", at: .seconds(1), action: .raise("s"))])
        #expect(reading.warnings.map(\.message) == ["it does not reach \"p\", which cannot do it"])
    }

    @Test func rootThatIsNoObjectIsOneProblem() throws {
        #expect(try Fixture.problems("[1]") == [": expected a scenario as an object, found an array"])
    }

    @Test func missingKeysAreAllNamed() throws {
        let missing = try Fixture.problems("{}").compactMap { $0.split(separator: "\"").dropFirst().first }
        #expect(missing == ["$schema", "format", "name", "targets", "load"])
    }

    @Test func laterFormatIsRefused() throws {
        let text = Fixture.scenario().replacing("\"format\": 1", with: "\"format\": 2")
        #expect(try Fixture.problems(text) == ["/format: format 2 is unknown; this version reads format 1"])
    }
}
