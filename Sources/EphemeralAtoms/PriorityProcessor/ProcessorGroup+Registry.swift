internal import Ephemeral
internal import Synchronization

/// The groups there are: a processor finds the others of its sink here, which is all that they have in common.
extension ProcessorGroup {
    private struct Entry: Sendable {
        let token: UInt64
        weak let group: ProcessorGroup?
    }

    private struct Registry: Sendable {
        var groups: [ObjectIdentifier: Entry] = [:]
        var lastToken: UInt64 = 0
    }

    private static let registry = Mutex(Registry())

    /// The group of a sink; it lives as long as a processor does.
    static func of(_ sink: SignalSink) -> ProcessorGroup {
        registry.withLock { registry in
            if let group = registry.groups[ObjectIdentifier(sink)]?.group { return group }
            registry.lastToken += 1
            let group = ProcessorGroup(sink: sink, token: registry.lastToken)
            registry.groups[ObjectIdentifier(sink)] = Entry(token: group.token, group: group)
            return group
        }
    }

    /// A group goes, unless another one has its place already.
    ///
    /// Compares tokens: a strong reference to the other one must not end under the lock.
    static func forget(_ group: ProcessorGroup) {
        let (key, token) = (ObjectIdentifier(group.sink), group.token)
        registry.withLock { registry in
            if registry.groups[key]?.token == token { registry.groups[key] = nil }
        }
    }
}
