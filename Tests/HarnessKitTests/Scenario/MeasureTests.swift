import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct MeasureTests {
    @Test(arguments: [
        ("250ms", Measure.duration, 0.25), ("1.5s", .duration, 1.5), ("2m", .duration, 120), ("1h", .duration, 3600),
        ("7ns", .duration, 7e-9), ("3us", .duration, 3e-6), ("0s", .duration, 0),
        ("400/s", .rate, 400), ("60/m", .rate, 1), ("3600/h", .rate, 1),
        ("3%", .share, 0.03), ("0%", .share, 0), ("100%", .share, 1),
        ("64KiB", .size, 65_536), ("10B", .size, 10), ("1MiB", .size, 1_048_576),
    ])
    func quantitiesAreReadInBaseUnits(_ text: String, measure: Measure, expected: Double) throws {
        #expect(abs(try measure.read(text) - expected) <= expected * 1e-12)
    }

    @Test(arguments: [
        ("250", Measure.duration, "has no unit; write \"250ms\" or \"250s\""),
        ("5 sec", .duration, "is not a duration"), ("5days", .duration, "is not a duration"),
        ("-5s", .duration, "is negative"), ("9000h", .duration, "the most is 8760h"),
        ("1e3s", .duration, "is not a duration"), ("", .duration, "is not a duration"),
        (".5s", .duration, "is not a duration"),
        ("1.2.3s", .duration, "is not a duration"), ("+5s", .duration, "is not a duration"),
        ("400/sec", .rate, "is not a rate"), ("400", .rate, "write \"400/s\""), ("2000000000/s", .rate, "out of range"),
        ("101%", .share, "the most is 100%"), ("0.5", .share, "write \"0.5%\""),
        ("64KB", .size, "is not a size"),
    ])
    func whatIsNoQuantityIsSaidToBeNone(_ text: String, measure: Measure, words: String) {
        do throws(Measure.Mistake) {
            let value = try measure.read(text)
            Issue.record("\(text) was read as \(value)")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
        }
    }

    @Test(arguments: [
        (#"{ "id": "f", "rate": 0.2, "error": "e" }"#, "the number 0.2 has no unit; write \"20%\""),
        (#"{ "id": "f", "rate": 1, "error": "e" }"#, "the number 1 has no unit; write \"100%\""),
        (#"{ "id": "f", "rate": 20, "error": "e" }"#, "the number 20 has no unit; write \"20%\""),
    ])
    func bareSharesShowThePercentage(_ fault: String, words: String) throws {
        let problems = try Fixture.problems(Fixture.scenario("\"faults\": [\(fault)]"))
        #expect(problems == ["/faults/0/rate: \(words)"])
    }

    @Test(arguments: [
        ("retry", "retyr", 1), ("seed", "seeed", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("same", "same", 0),
    ])
    func distancesCountEdits(_ left: String, _ right: String, expected: Int) {
        #expect(Spelling.distance(left, right) == expected)
        #expect(Spelling.distance(right, left) == expected)
    }

    @Test(arguments: [
        ("*", "anything", true), ("peer-*", "peer-a", true), ("peer-*", "queue", false), ("a?c", "abc", true),
        ("a*b*c", "axxbyyc", true), ("a*b*c", "axxbyy", false), ("", "", true), ("", "a", false), ("**", "", true),
    ])
    func globsMatchRunsAndSingleCharacters(_ pattern: String, name: String, expected: Bool) {
        #expect(Glob(pattern).matches(name) == expected)
    }

    @Test(arguments: [
        (Duration.seconds(2), "2s"), (.milliseconds(50), "50ms"), (.microseconds(7), "7us"), (.nanoseconds(3), "3ns"),
    ])
    func durationTextsTakeTheLargestWholeUnit(_ duration: Duration, text: String) {
        #expect(DurationText(duration).text == text)
    }
}
