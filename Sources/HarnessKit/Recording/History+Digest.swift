extension History {
    /// A hash of every event and name, in 16 hexadecimal digits: the same in every process and on every machine.
    ///
    /// What the target said of itself is no part of it.
    public var digest: String {
        var hash = StableHash()
        for names in [signalNames, errorNames, laneNames] {
            hash.combine(names.count)
            for name in names { hash.combine(name) }
        }
        hash.combine(events.count)
        for event in events {
            hash.combine(event.time)
            hash.combine(UInt64(UInt32(bitPattern: event.operation)) << 32 | UInt64(UInt32(bitPattern: event.detail)))
            hash.combine(
                UInt64(event.kind.rawValue) << 32 | UInt64(event.attempt) << 24 | UInt64(event.lane) << 16
                    | UInt64(event.error)
            )
        }
        return hash.hexadecimal
    }
}
