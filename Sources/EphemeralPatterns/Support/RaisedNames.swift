internal import Ephemeral
internal import Synchronization

/// The names of all signals that a sink has raised since, for runs that show what happened.
final class RaisedNames: Sendable {
    private final class Names: Sendable {
        let list = Mutex<[String]>([])
    }

    private let names: Names
    private let subscription: SignalSubscription

    init(of sink: SignalSink) {
        let names = Names()
        self.names = names
        subscription = sink.subscribe { event in names.list.withLock { $0.append(event.signal) } }
    }

    /// In the order in which they were raised.
    var all: [String] { names.list.withLock { $0 } }
}
