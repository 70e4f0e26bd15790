#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Where commands print to: wanted output, and errors.
package struct Terminal: Sendable {
    private let writeOutput: @Sendable (String) -> Void
    private let writeToError: @Sendable (String) -> Void

    /// Creates a terminal from what is called with whole pieces of text.
    package init(
        output: @escaping @Sendable (_ text: String) -> Void,
        error: @escaping @Sendable (_ text: String) -> Void
    ) {
        writeOutput = output
        writeToError = error
    }

    /// The standard output and standard error of this process.
    package static let process = Terminal(
        output: { Swift.print($0, terminator: "") },
        error: writeToStandardError
    )

    /// Prints wanted output and a line feed.
    package func print(_ text: String) {
        writeOutput(text + "\n")
    }

    /// Prints wanted output as it is.
    package func write(_ text: String) {
        writeOutput(text)
    }

    /// Prints to standard error as it is.
    package func writeError(_ text: String) {
        writeToError(text)
    }

    /// Prints to standard error, with a line feed.
    package func error(_ text: String) {
        writeToError(text + "\n")
    }
}

/// Unbuffered, so that errors come before whatever ends the process.
private func writeToStandardError(_ text: String) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes[written...].withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        written += count
    }
}
