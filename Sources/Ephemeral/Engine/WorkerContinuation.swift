/// The resumption of a parked worker.
///
/// An unsafe continuation, because a checked one allocates and parking is part of the steady state at low load. It is
/// safe here: the state machine takes each one out of its list, under its lock, before it is resumed, and resumes all of
/// them before it is dropped, so that it is resumed exactly once.
@safe
@usableFromInline
struct WorkerContinuation: Sendable {
    private let continuation: UnsafeContinuation<Void, Never>

    @usableFromInline
    func resume() { unsafe continuation.resume() }

    /// Suspends the current task until the continuation, which `register` gets, is resumed.
    @usableFromInline
    static func suspend(_ register: (WorkerContinuation) -> Void) async {
        unsafe await withUnsafeContinuation { register(unsafe WorkerContinuation(continuation: $0)) }
    }
}
