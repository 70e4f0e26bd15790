/// The order in which the runs of a scenario follow each other.
enum RunOrder {
    /// One run: which target, which repetition, both from 0, in which process and on which clock.
    struct Turn: Equatable, Hashable {
        var target: Int
        /// Counted over all processes.
        var repetition: Int
        var process = 0
        var clock = RunClock.real
    }

    /// The runs of every clock, clock by clock; in virtual time a repetition would only be the same again.
    ///
    /// `doubled` is a target that is run twice as often on the real clock, for the noise floor.
    static func turns(
        targets: Int,
        clocks: [RunClock],
        settings: RunSettings,
        seed: UInt64,
        doubled: Int? = nil
    ) -> [Turn] {
        clocks.flatMap { clock in
            switch clock {
            case .real: turns(targets: targets, settings: settings, seed: seed, doubled: doubled)
            case .virtual: (0..<targets).map { Turn(target: $0, repetition: 0, clock: .virtual) }
            }
        }
    }

    /// Every repetition of every target, once.
    ///
    /// Interleaved runs take the targets in an order drawn anew for each round, so that a slow minute of the machine does
    /// not always hit the same target. A round is a process of each target where there are several, else a repetition.
    static func turns(targets: Int, settings: RunSettings, seed: UInt64, doubled: Int? = nil) -> [Turn] {
        let rounds = rounds(of: settings)
        let stream = CounterRandom(seed: seed, stream: "run-order")
        func block(_ target: Int, _ round: Int) -> [Turn] {
            (0..<settings.repetitionsPerRound).map { number in
                Turn(
                    target: target,
                    repetition: round * settings.repetitionsPerRound + number,
                    process: settings.usesProcesses ? round : 0
                )
            }
        }
        guard settings.order != .sequential else {
            return (0..<targets).flatMap { target in
                (0..<(target == doubled ? 2 * rounds : rounds)).flatMap { block(target, $0) }
            }
        }
        return (0..<rounds).flatMap { round in
            // A single round keeps the scenario's order, which people expect to see.
            let isDrawn = settings.order == .interleavedRandom && rounds > 1
            // The second half of a doubled target's runs takes its places among those of the others.
            let places = Array(0..<targets) + (doubled == nil ? [] : [targets])
            let order = isDrawn ? stream.shuffled(places, draw: round) : places
            return order.flatMap { place in
                if place == targets, let doubled { block(doubled, rounds + round) } else { block(place, round) }
            }
        }
    }

    /// How many rounds there are.
    static func rounds(of settings: RunSettings) -> Int {
        settings.usesProcesses ? settings.processes ?? 1 : max(1, settings.repetitions)
    }
}

extension RunSettings {
    /// Whether runs on the real clock get processes of their own.
    var usesProcesses: Bool { processes != nil }

    /// How many runs of a target follow each other within a round.
    var repetitionsPerRound: Int { usesProcesses ? max(1, repetitions) : 1 }

    /// How many runs of each target there are on the real clock.
    var totalRepetitions: Int { RunOrder.rounds(of: self) * repetitionsPerRound }

    /// The round that a repetition belongs to.
    ///
    /// The second half of a doubled target's runs is made in the same rounds as the first.
    func round(of repetition: Int) -> Int { repetition / repetitionsPerRound % RunOrder.rounds(of: self) }
}
