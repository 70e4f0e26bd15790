#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Ends processes that were started here.
enum ProcessEnd {
    /// Kills a process.
    static func kill(_ process: Int32) {
        _ = sendKill(process)
    }
}

/// Outside the type, whose own `kill` takes precedence there.
private func sendKill(_ process: Int32) -> Int32 {
    kill(process, SIGKILL)
}
