#if EPHEMERAL_THREAD_SANITIZER
    #if canImport(Glibc)
        private import Glibc
    #elseif canImport(Musl)
        private import Musl
    #endif

    /// A mutex that the thread sanitizer sees, in the place of `Synchronization.Mutex` in builds for it alone.
    ///
    /// The runtime's mutex waits in code that is not instrumented, so the sanitizer misses half of its hand-overs and
    /// reports races that are none. Suppressing those would suppress real ones; with this lock there is nothing to suppress.
    /// Modules and tests declare `typealias Mutex = SanitizerMutex` under the same condition.
    public struct SanitizerMutex<Value: ~Copyable>: ~Copyable, Sendable {
        // The lock of the box guards its value.
        @safe
        private final class Box: @unchecked Sendable {
            let lock: UnsafeMutablePointer<pthread_mutex_t>
            var value: Value

            init(_ value: consuming sending Value) {
                unsafe lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
                unsafe pthread_mutex_init(lock, nil)
                self.value = value
            }

            deinit {
                unsafe pthread_mutex_destroy(lock)
                unsafe lock.deallocate()
            }
        }

        private let box: Box

        /// Guards a value.
        public init(_ value: consuming sending Value) {
            box = Box(value)
        }

        /// Runs a closure with the value while no other does.
        public borrowing func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            unsafe pthread_mutex_lock(box.lock)
            defer { unsafe pthread_mutex_unlock(box.lock) }
            return try body(&box.value)
        }
    }
#endif
