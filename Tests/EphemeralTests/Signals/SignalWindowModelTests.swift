import EphemeralTime
import Testing

@testable import Ephemeral

/// The window against an array that does everything the slow way, step by step.
@Suite(.timeLimit(.minutes(1)))
struct SignalWindowModelTests {
    private struct Model {
        var capacity: Int
        var maxAge: Int64
        var events: [SignalEvent] = []

        mutating func trim(now: Timestamp) {
            if events.count > capacity { events.removeFirst(events.count - capacity) }
            events.removeAll { $0.time.nanoseconds + maxAge <= now.nanoseconds }
        }

        mutating func append(_ event: SignalEvent, now: Timestamp) {
            let place = events.lastIndex { $0.time <= event.time }.map { $0 + 1 } ?? 0
            events.insert(event, at: place)
            trim(now: now)
        }

        mutating func remove(where isMatch: (SignalEvent) -> Bool) -> [SignalEvent] {
            let removed = events.filter(isMatch)
            events.removeAll(where: isMatch)
            return removed
        }
    }

    private static let names = [
        "", "a", "a.1", "a.2", "b", "b.1", "b.long.name.beyond.fifteen", "c.\u{E9}", "c.e\u{301}",
    ]
    private static let rules: [SignalPatternSet] = [
        ["*"], ["a"], ["a.*"], ["*.1"], ["*.*"], ["?"], ["b*", "c*"], ["c.\u{E9}"], ["nothing"], ["*long*"],
    ]

    @Test(arguments: 0..<12 as Range<UInt64>)
    func agreesWithTheModelAtEveryStep(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var model = Model(capacity: 40, maxAge: 60_000_000)
        var window = SignalWindow(capacity: model.capacity, maxAge: .nanoseconds(model.maxAge))
        let pinned = window.place(of: ["a*", "*1"])
        window.pin(pinned)
        var now: Int64 = 1000
        for step in 0..<3000 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<12:
                now += Int64.random(in: 0...3, using: &random)
                let age = Int.random(in: 0..<5, using: &random) == 0 ? Int64.random(in: -2...70, using: &random) : 0
                let name = Self.names.randomElement(using: &random) ?? ""
                let event = SignalEvent.at(now - age, name, by: Int64.random(in: 1...3, using: &random))
                window.append(event, now: .at(now))
                model.append(event, now: .at(now))
            case 12:
                now += Int64.random(in: 0...50, using: &random)
                window.expire(now: .at(now))
                model.trim(now: .at(now))
            case 13, 14:
                let rule = Self.rules.randomElement(using: &random) ?? []
                let operation = OperationID(rawValue: Int64.random(in: 1...3, using: &random))
                let removed = window.remove(rule, of: operation)
                #expect(removed == model.remove { rule.matches($0.signal) && $0.operationID == operation })
            case 15:
                model.capacity = Int.random(in: 1...60, using: &random)
                model.maxAge = Int64.random(in: 20...90, using: &random) * 1_000_000
                window.resize(capacity: model.capacity, maxAge: .nanoseconds(model.maxAge), now: .at(now))
                model.trim(now: .at(now))
            case 16:
                // Many further queries, so that the least recently used ones go and their places are used again.
                let extra: SignalPatternSet = ["a.\(Int.random(in: 0..<60, using: &random))*"]
                #expect(window.count(extra, since: nil) == model.events.count { extra.matches($0.signal) })
            default:
                let rule = Self.rules.randomElement(using: &random) ?? []
                let earliest = Timestamp.at(now - Int64.random(in: 0...60, using: &random))
                let expected = model.events.filter { rule.matches($0.signal) }
                #expect(window.count(rule, since: nil) == expected.count)
                #expect(window.count(rule, since: earliest) == expected.count { $0.time >= earliest })
                #expect(window.events(rule) == expected)
            }
            #expect(window.count == model.events.count, "step \(step)")
            let name = Self.names[step % Self.names.count]
            #expect(window.countOf(name: name) == model.events.count { $0.is(name) }, "step \(step)")
            let newest = model.events.last { ($0.signal.hasPrefix("a") || $0.signal.hasSuffix("1")) }
            #expect(window.reading(pinned).newest?.time == newest?.time, "step \(step)")
        }
        #expect(window.events(["*"]) == model.events)
    }
}
