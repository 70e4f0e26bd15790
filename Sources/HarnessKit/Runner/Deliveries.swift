internal import Synchronization

/// Runs that come one by one, from any thread.
final class Deliveries: Sendable {
    private let runs = Mutex<[JudgedRun]>([])

    func append(_ run: JudgedRun) {
        runs.withLock { $0.append(run) }
    }

    var all: [JudgedRun] { runs.withLock(\.self) }
}
