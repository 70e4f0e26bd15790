import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct WallTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1, "1970-01-01T00:00:00.001Z"),
            (86_399_999, "1970-01-01T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (1_788_264_000_250, "2026-09-01T12:00:00.250Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-1000, "1969-12-31T23:59:59.000Z"),
            (-86_400_000, "1969-12-31T00:00:00.000Z"),
            (-86_400_001, "1969-12-30T23:59:59.999Z"),
            (-2_203_977_600_000, "1900-02-28T00:00:00.000Z"),
            (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (-62_167_219_200_001, "-0001-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "10000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func descriptionIsISO8601InUTC(_ milliseconds: Int64, _ text: String) {
        #expect(WallTime(sinceUnixEpoch: .milliseconds(milliseconds)).description == text)
    }

    @Test(arguments: [
        (Duration.microseconds(1999), "1970-01-01T00:00:00.001Z"),
        (.microseconds(-1), "1969-12-31T23:59:59.999Z"),
        (.microseconds(-1001), "1969-12-31T23:59:59.998Z"),
    ])
    func partsOfAMillisecondAreRoundedDown(_ time: Duration, _ text: String) {
        #expect(WallTime(sinceUnixEpoch: time).description == text)
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.min)])
    func theFarthestTimesHaveADescription(_ time: Duration) {
        #expect(WallTime(sinceUnixEpoch: time).description.hasSuffix("Z"))
    }

    @Test func wallTimesCompareByTime() {
        let early = WallTime(sinceUnixEpoch: .seconds(1))
        let late = WallTime(sinceUnixEpoch: .seconds(2))
        #expect(early < late)
        #expect(!(late < early))
    }
}
