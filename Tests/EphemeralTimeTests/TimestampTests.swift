import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TimestampTests {
    private let epoch = ContinuousClock().systemEpoch

    @Test(arguments: [0, 1, -1, 1_000_000_007, .max, .min] as [Int64])
    func aTimestampIsTheNanosecondsSinceTheEpoch(_ nanoseconds: Int64) {
        let instant = epoch.advanced(by: .nanoseconds(nanoseconds))
        #expect(Timestamp(instant).nanoseconds == nanoseconds)
        #expect(Timestamp(nanoseconds: nanoseconds).instant == instant)
    }

    @Test(arguments: [
        (Duration.seconds(Int64.max), Int64.max),
        (.seconds(Int64.min), .min),
        (.nanoseconds(Int64.max) + .nanoseconds(1), .max),
        (.nanoseconds(Int64.min) - .nanoseconds(1), .min),
        (.nanoseconds(Int64.max), .max),
        (.nanoseconds(Int64.min), .min),
    ])
    func whatIsOutOfRangeIsClamped(_ duration: Duration, _ nanoseconds: Int64) {
        #expect(duration.clampedNanoseconds == nanoseconds)
        #expect(Timestamp(epoch.advanced(by: duration)).nanoseconds == nanoseconds)
    }

    @Test(
        arguments: [
            (Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999), 1),
            (Duration(secondsComponent: 0, attosecondsComponent: -1_999_999_999), -1),
            (Duration(secondsComponent: -2, attosecondsComponent: -500_000_000_000_000_000), -2_500_000_000),
        ] as [(Duration, Int64)]
    )
    func partsOfANanosecondAreRoundedTowardsZero(_ duration: Duration, _ nanoseconds: Int64) {
        #expect(duration.clampedNanoseconds == nanoseconds)
    }

    @Test(
        arguments: [
            (5, 3, 8),
            (5, -8, -3),
            (.max - 1, 2, .max),
            (.min + 1, -2, .min),
        ] as [(Int64, Int64, Int64)]
    )
    func advancingStopsAtTheEndsOfTheRange(_ start: Int64, _ step: Int64, _ end: Int64) {
        #expect(Timestamp(nanoseconds: start).advanced(byNanoseconds: step).nanoseconds == end)
    }

    @Test func theLongestDistanceIsExact() {
        let whole = Timestamp.distantPast.duration(to: .distantFuture)
        #expect(whole == .nanoseconds(Int64.max) - .nanoseconds(Int64.min))
        #expect(Timestamp(nanoseconds: 7).duration(to: Timestamp(nanoseconds: 4)) == .nanoseconds(-3))
    }

    @Test func durationsWhoseSecondsDoNotFitAreClamped() {
        let longest = Duration.seconds(Int64.max)
        #expect((longest + longest).clampedNanoseconds == .max)
        #expect((.zero - longest - longest).clampedNanoseconds == .min)
        #expect((Duration.nanoseconds(Int64.max) - .nanoseconds(1)).clampedNanoseconds == .max - 1)
        #expect((Duration.nanoseconds(Int64.min) + .nanoseconds(1)).clampedNanoseconds == .min + 1)
    }

    @Test func timestampsCompareAsTheirInstants() {
        #expect(Timestamp.distantPast < Timestamp(nanoseconds: 0))
        #expect(Timestamp(nanoseconds: 0) < .distantFuture)
        #expect(!(Timestamp(nanoseconds: 1) < Timestamp(nanoseconds: 1)))
    }
}
