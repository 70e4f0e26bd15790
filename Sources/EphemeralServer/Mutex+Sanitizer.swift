#if EPHEMERAL_THREAD_SANITIZER
    internal import EphemeralTime

    /// In builds for the thread sanitizer, the mutex that it sees.
    typealias Mutex = SanitizerMutex
#endif
