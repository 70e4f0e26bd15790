private import FoundationEssentials

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// What the process writes to.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// Whether somebody looks at it.
    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Whether colours are welcome: on a terminal, unless the user has said no (https://no-color.org).
    var showsColour: Bool {
        isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }
}
