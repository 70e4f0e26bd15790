internal import Dispatch
internal import HarnessKit
internal import Synchronization

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Turns SIGINT and SIGTERM into an interruption; the second one ends the process.
final class InterruptWatcher {
    private let sources: [any DispatchSourceSignal]

    init(_ interruption: Interruption) {
        let queue = DispatchQueue(label: "harness.interrupt")
        sources = [SIGINT, SIGTERM].map { number in
            // The default action would end the process before the source hears of the signal.
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if interruption.isFired { exit(HarnessExit.interrupted.rawValue) }
                interruption.fire()
            }
            source.resume()
            return source
        }
    }

    /// Takes the meaning of both signals away.
    static func ignoreSignals() {
        for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_IGN) }
    }

    /// Gives both signals their default action back.
    func cancel() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
    }
}
