#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The number of CPUs that the process may use.
enum ProcessorCount {
    static let available: Int = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
