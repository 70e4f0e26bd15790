#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Which thread something happens on.
struct ThreadIdentity: Sendable, Equatable {
    private let thread: pthread_t

    private init(_ thread: pthread_t) {
        self.thread = thread
    }

    /// The calling thread.
    static var current: ThreadIdentity { ThreadIdentity(pthread_self()) }
}
