/// The order in which the runs of a scenario follow each other.
enum RunOrder {
    /// One run: which target, which repetition, both from 0, and on which clock.
    struct Turn: Equatable, Hashable {
        var target: Int
        var repetition: Int
        var clock = RunClock.real
    }

    /// The runs of every clock, clock by clock; in virtual time a repetition would only be the same again.
    static func turns(targets: Int, clocks: [RunClock], settings: RunSettings, seed: UInt64) -> [Turn] {
        clocks.flatMap { clock in
            switch clock {
            case .real: turns(targets: targets, settings: settings, seed: seed)
            case .virtual: (0..<targets).map { Turn(target: $0, repetition: 0, clock: .virtual) }
            }
        }
    }

    /// Every repetition of every target, once.
    ///
    /// Interleaved runs take the targets in an order drawn anew for each repetition, so that a slow minute of the machine
    /// does not always hit the same target.
    static func turns(targets: Int, settings: RunSettings, seed: UInt64) -> [Turn] {
        let repetitions = max(1, settings.repetitions)
        switch settings.order {
        case .sequential:
            return (0..<targets).flatMap { target in
                (0..<repetitions).map { Turn(target: target, repetition: $0) }
            }
        case .interleaved:
            let stream = CounterRandom(seed: seed, stream: "run-order")
            return (0..<repetitions).flatMap { repetition in
                // A single repetition keeps the scenario's order, which people expect to see.
                let order = repetitions == 1 ? Array(0..<targets) : shuffled(targets, repetition: repetition, stream)
                return order.map { Turn(target: $0, repetition: repetition) }
            }
        }
    }

    /// Fisher and Yates's shuffle with one drawn word per exchange.
    private static func shuffled(_ count: Int, repetition: Int, _ stream: CounterRandom) -> [Int] {
        var order = Array(0..<count)
        for place in stride(from: count - 1, to: 0, by: -1) {
            let other = Int(stream.word(repetition * count + place) % UInt64(place + 1))
            order.swapAt(place, other)
        }
        return order
    }
}
