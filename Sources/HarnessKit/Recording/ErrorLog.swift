internal import Synchronization

/// The names of the errors of a run, each with the number that events carry: scripted ones, then those that targets told of.
final class ErrorLog: Sendable {
    private let state: Mutex<[String]>

    /// Creates a log that knows the errors of the scenario.
    init(scripted names: [String]) {
        state = Mutex(names)
    }

    /// The number of an error's name, from 1: a scripted error's own name, or the name of its type.
    func number(of error: any Error) -> Int {
        let name = (error as? ScriptedError)?.name ?? "\(type(of: error))"
        return state.withLock { names in
            if let known = names.firstIndex(of: name) { return known + 1 }
            names.append(name)
            return names.count
        }
    }

    /// The names, by their numbers less one.
    var names: [String] { state.withLock(\.self) }
}
