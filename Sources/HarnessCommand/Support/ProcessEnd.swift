#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Ends processes that were started here, and keeps their end from ending this one.
enum ProcessEnd {
    /// Makes writing to a process that has died an error; otherwise it ends this process.
    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Kills a process.
    static func kill(_ process: Int32) {
        _ = sendKill(process)
    }
}

/// Outside the type, whose own `kill` takes precedence there.
private func sendKill(_ process: Int32) -> Int32 {
    kill(process, SIGKILL)
}
