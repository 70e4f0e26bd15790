#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

extension Terminal {
    /// Prints a value as a line of JSON, for the process that reads it.
    func printLine(_ value: some Encodable) {
        guard let line = try? JSONLine.encode(value) else { return }
        print(line)
        // Whoever reads shall see it at once; of all streams only the output has something to flush.
        fflush(nil)
    }
}
