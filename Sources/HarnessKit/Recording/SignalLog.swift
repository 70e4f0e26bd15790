internal import Synchronization

/// The names of the signals that a run saw, each with the number that events carry, and how often they were raised.
final class SignalLog: Sendable {
    private let state = Mutex(State())

    private struct State {
        var numbers: [String: Int] = [:]
        var names: [String] = []
        var raised: [Int] = []
    }

    /// Counts an observation and returns its name's number.
    func observe(_ observation: SignalObservation) -> Int32 {
        state.withLock { state in
            let number = state.numbers[observation.name] ?? state.names.count
            if number == state.names.count {
                state.numbers[observation.name] = number
                state.names.append(observation.name)
                state.raised.append(0)
            }
            if !observation.isRetraction { state.raised[number] += 1 }
            return Int32(truncatingIfNeeded: number)
        }
    }

    /// The names, by their numbers.
    var names: [String] { state.withLock { $0.names } }

    /// How often each name was raised.
    var counts: [String: Int] {
        state.withLock { Dictionary(uniqueKeysWithValues: zip($0.names, $0.raised)) }
    }
}
