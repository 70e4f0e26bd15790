#if EPHEMERAL_THREAD_SANITIZER
    public import EphemeralTime

    /// In builds for the thread sanitizer, the mutex that it sees.
    @usableFromInline typealias Mutex = SanitizerMutex
#endif
