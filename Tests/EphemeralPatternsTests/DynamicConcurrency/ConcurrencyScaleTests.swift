import EphemeralAtoms
import EphemeralTesting
import Testing

@testable import EphemeralPatterns

@Suite(.timeLimit(.minutes(1)))
struct ConcurrencyScaleTests {
    typealias Direction = ConcurrencyScale.Direction

    let start = ManualTimeSource().now

    /// Tells a machine of a signal.
    ///
    /// - Returns: What follows.
    private func note(_ direction: Direction, at milliseconds: Int, _ scale: inout ConcurrencyScale) -> LimitEffects {
        var effects = LimitEffects()
        scale.note(direction, now: start.advanced(by: .milliseconds(milliseconds)), &effects)
        return effects
    }

    @Test(arguments: [
        (1...32, [Direction.up, .up, .up], [2, 4, 8]), (3...10, [.up, .up, .up], [6, 10, 10]),
        (3...10, [.up, .down, .down], [6, 3, 3]), (1...1, [.up, .down], [1, 1]),
        (5...Int.max, [.up], [10]), (Int.max...Int.max, [.up], [.max]),
    ])
    func eachSignalDoublesOrHalvesWithinTheBounds(_ bounds: ClosedRange<Int>, _ signals: [Direction], _ limits: [Int]) {
        var scale = ConcurrencyScale(bounds: bounds, cooldown: .zero)
        let seen = signals.map { direction in
            _ = note(direction, at: 0, &scale)
            return scale.limit
        }
        #expect(seen == limits)
    }

    @Test func inACooldownSignalsOfTheSameDirectionBelongToTheChange() {
        var scale = ConcurrencyScale(bounds: 1...32, cooldown: .milliseconds(200))
        #expect(note(.up, at: 0, &scale).limit == 2)
        for moment in [1, 50, 199] { #expect(note(.up, at: moment, &scale) == LimitEffects()) }
        #expect(note(.up, at: 200, &scale).limit == 4)
    }

    @Test func theLastSignalOfTheOtherDirectionIsObeyedWhenTheCooldownIsOver() throws {
        var scale = ConcurrencyScale(bounds: 1...32, cooldown: .milliseconds(200))
        _ = note(.up, at: 0, &scale)
        let order = try #require(note(.down, at: 10, &scale).alarm)
        #expect(order.due == start.advanced(by: .milliseconds(200)))
        #expect(note(.down, at: 20, &scale) == LimitEffects())
        var effects = LimitEffects()
        scale.intervalIsOver(order.number, now: start.advanced(by: .milliseconds(200)), &effects)
        #expect(effects.limit == 1 && scale.limit == 1)
    }

    @Test func aSignalOfTheOtherDirectionThatIsAnsweredByAnotherIsForgotten() throws {
        var scale = ConcurrencyScale(bounds: 1...32, cooldown: .milliseconds(200))
        _ = note(.up, at: 0, &scale)
        let order = try #require(note(.down, at: 10, &scale).alarm)
        #expect(note(.up, at: 20, &scale).alarm?.due == .some(nil))
        var effects = LimitEffects()
        scale.intervalIsOver(order.number, now: start.advanced(by: .milliseconds(200)), &effects)
        #expect(effects == LimitEffects() && scale.limit == 2)
    }
}
