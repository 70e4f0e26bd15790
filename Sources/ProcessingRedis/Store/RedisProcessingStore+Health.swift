internal import EphemeralTime
public import Processing

extension RedisProcessingStore {
    /// How long the server may take to tell how it is.
    private static let patience = Duration.milliseconds(500)

    /// How the store is, within a second; see `EmergencyStore/health()`.
    ///
    /// Problems are those that keep it from working or let it lose jobs although nothing fails; warnings are settings of the
    /// server under which jobs are lost when it fails.
    public func health() async -> StoreHealth {
        var health = StoreHealth()
        guard !isClosed else {
            health.problems.append("\(ProcessingError.closedStore)")
            return health
        }
        let report = client.report
        let now = options.time.now
        health.facts["address"] = "\(address)"
        health.facts["reconnects"] = "\(report.reconnects)"
        health.facts["commands without answer"] = "\(report.waitingCount)"
        if let lastRead = report.lastRead { health.facts["last successful read"] = "\(lastRead.duration(to: now)) ago" }
        guard report.isReady else {
            let since = report.downSince.map { " for \($0.duration(to: now))" } ?? ""
            health.problems.append("not connected\(since): \(report.reason ?? "there was no attempt yet")")
            return health
        }
        guard let (info, mishaps) = await findings() else {
            health.problems.append("the server has not told within \(Self.patience) how it is")
            return health
        }
        health.read(info)
        health.warnings += mishaps
        return health
    }

    /// What the server says of itself, and what has happened to queues; `nil` when it does not tell in time.
    private func findings() async -> (info: [Substring: Substring], mishaps: [String])? {
        await withTaskGroup(of: (info: [Substring: Substring], mishaps: [String])?.self) { group in
            group.addTask {
                guard let info = await self.info() else { return nil }
                return (info, await self.mishaps())
            }
            group.addTask {
                try? await self.options.time.sleep(for: Self.patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func info() async -> [Substring: Substring]? {
        guard let text = try? await client.call(RedisCommand("INFO"), isCancellable: true).string else { return nil }
        let pairs = text.split(whereSeparator: \.isNewline).compactMap { line -> (Substring, Substring)? in
            line.firstIndex(of: ":").map { (line[..<$0], line[line.index(after: $0)...]) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// What has happened to queues that only others can have done.
    private func mishaps() async -> [String] {
        let names = try? await client.call(RedisCommand("SMEMBERS", .text(namesKey)), isCancellable: true).elements
        var mishaps: [String] = []
        for queue in (names ?? []).compactMap(\.string).sorted().prefix(100) {
            let command = RedisCommand("HMGET", .text(keys(of: queue).counters), "regrouped", "vanished")
            let counts = try? await client.call(command, isCancellable: true).elements?.map { $0.integer ?? 0 }
            guard let counts, counts.count == 2 else { continue }
            if counts[0] > 0 {
                mishaps.append("queue '\(queue)': its group was gone \(counts[0]) times; jobs that ran then ran again")
            }
            if counts[1] > 0 { mishaps.append("queue '\(queue)': \(counts[1]) jobs were deleted while they ran") }
        }
        return mishaps
    }
}

extension StoreHealth {
    /// Judges the figures of a server.
    mutating func read(_ info: [Substring: Substring]) {
        let names = [
            "redis_version", "role", "used_memory_human", "maxmemory_human", "aof_enabled", "connected_clients",
        ]
        for name in names { facts[name] = info[name[...]].map(String.init) }
        if let policy = info["maxmemory_policy"], policy != "noeviction" {
            problems.append("maxmemory-policy is \(policy): a full server would drop jobs; set it to noeviction")
        }
        if info["role"] == "slave" {
            problems.append("the server is a replica and takes no jobs; connect to the primary")
        }
        if info["loading"] == "1" { problems.append("the server is reading its data from disk") }
        if info["aof_last_write_status"] == "err" {
            problems.append("the server cannot write its append-only file; look at its disk")
        }
        if info["rdb_last_bgsave_status"] == "err" {
            warnings.append("the server could not write its last snapshot; look at its disk")
        }
        if info["aof_enabled"] == "0" {
            warnings.append("appendonly is no: jobs since the last snapshot are lost when the server fails")
        }
        if let used = info["used_memory"].flatMap({ Double($0) }),
            let limit = info["maxmemory"].flatMap({ Double($0) }),
            limit > 0, used > 0.9 * limit
        {
            warnings.append("the server is \(Int(100 * used / limit)) % full; when it is full it takes no jobs")
        }
    }
}
