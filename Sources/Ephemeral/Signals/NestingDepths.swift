#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// How deep the calls of subscribers are nested, for each thread that is calling some.
///
/// A subscriber that raises its own trigger would otherwise exhaust the stack. Subscribers do not suspend, so that a
/// thread stands for what calls what.
struct NestingDepths: Sendable {
    static let limit = 64

    private var depths: [(thread: pthread_t, depth: Int)] = []

    /// - Returns: Whether the calling thread may call subscribers; ``leave()`` has to follow then.
    mutating func enter() -> Bool {
        let thread = pthread_self()
        guard let index = depths.firstIndex(where: { $0.thread == thread }) else {
            depths.append((thread, 1))
            return true
        }
        guard depths[index].depth < Self.limit else { return false }
        depths[index].depth += 1
        return true
    }

    mutating func leave() {
        let thread = pthread_self()
        guard let index = depths.firstIndex(where: { $0.thread == thread }) else { return }
        depths[index].depth -= 1
        if depths[index].depth == 0 { depths.remove(at: index) }
    }
}
