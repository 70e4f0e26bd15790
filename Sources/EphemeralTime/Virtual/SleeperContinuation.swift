/// The resumption of somebody who sleeps in virtual time.
///
/// An unsafe continuation, because a checked one allocates and sleeping is what simulated work does most. It is safe
/// here: ``SleeperHeap`` hands each one out once, when its sleeper leaves.
@safe
struct SleeperContinuation: Sendable {
    private let continuation: UnsafeContinuation<Void, any Error>

    func wake() { unsafe continuation.resume() }

    func cancel() { unsafe continuation.resume(throwing: CancellationError()) }

    /// Suspends the current task until the continuation, which `register` gets, is resumed.
    static func suspend(_ register: (SleeperContinuation) -> Void) async throws {
        unsafe try await withUnsafeThrowingContinuation { register(unsafe SleeperContinuation(continuation: $0)) }
    }
}
