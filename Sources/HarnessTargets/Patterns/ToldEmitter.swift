import Ephemeral
import HarnessKit

/// The emitter of an operation, of whose signals the run is told.
struct ToldEmitter: SignalEmitter {
    let context: OperationContext
    let operation: Operation
    let observer: TargetObserver

    var operationID: OperationID { context.operationID }

    var key: String? { context.key }

    func emit(_ signal: String) -> Bool {
        observer.emitted(operation, signal: signal)
        return context.emit(signal)
    }

    func emitCaused(_ signal: String, by cause: SignalPropagation) -> Bool {
        observer.emitted(operation, signal: signal)
        return context.emitCaused(signal, by: cause)
    }

    func retract(_ signal: String) -> Bool { context.retract(signal) }

    func retract(matching pattern: SignalPattern) -> Int { context.retract(matching: pattern) }

    func hasSignal(_ signal: String) -> Bool { context.hasSignal(signal) }
}
