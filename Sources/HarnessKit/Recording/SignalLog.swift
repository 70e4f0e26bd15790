internal import Synchronization

/// The names of the signals that a run saw, each with the number that events carry, and how often they were raised.
final class SignalLog: Sendable {
    private let state = Mutex(State())

    private struct State {
        var numbers: [String: Int] = [:]
        var names: [String] = []
        var raised: [Int] = []

        mutating func number(of name: String) -> Int {
            if let number = numbers[name] { return number }
            numbers[name] = names.count
            names.append(name)
            raised.append(0)
            return names.count - 1
        }
    }

    /// Counts an observation and returns its name's number.
    func observe(_ observation: SignalObservation) -> Int32 {
        state.withLock { state in
            let number = state.number(of: observation.name)
            if !observation.isRetraction { state.raised[number] += 1 }
            return Int32(truncatingIfNeeded: number)
        }
    }

    /// The number of a name that nobody has seen raised yet.
    func number(of name: String) -> Int32 {
        state.withLock { Int32(truncatingIfNeeded: $0.number(of: name)) }
    }

    /// The names, by their numbers.
    var names: [String] { state.withLock { $0.names } }

    /// How often each name was raised.
    var counts: [String: Int] {
        state.withLock { Dictionary(uniqueKeysWithValues: zip($0.names, $0.raised)) }
    }
}
