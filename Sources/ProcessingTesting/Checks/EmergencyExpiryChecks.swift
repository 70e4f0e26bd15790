internal import EphemeralTime
internal import Processing

/// The time for which backups are kept.
enum EmergencyExpiryChecks {
    static let all = [expired, retried, extended, kept, soon]

    static let expired = StoreCheck(
        "anExpiredBackupLeavesNoGhost",
        "A backup that nobody resolved in time is neither listed nor claimable, and is counted as expired."
    ) { stage in
        let id = try await stage.failedEmergency { $0.ttl = stage.unit * 3 }
        let other = try await stage.failedEmergency()
        try await stage.subject.advance(stage.unit * 4)
        try stage.require(try await stage.emergencies().map(\.id), is: [other], "listed operations")
        try await stage.require(.notFound, "a claim of an expired operation") {
            _ = try await stage.store.claimEmergency(id, lease: stage.unit)
        }
        let counts = try await stage.store.emergencyCounts()
        try stage.require(counts.expiredUnresolved, is: 1, "expired operations")
        try stage.require(counts.total, is: 1, "counted operations")
    }

    static let retried = StoreCheck(
        "aBackupDoesNotExpireDuringARun",
        "While a run is under way the backup does not expire; when the run fails it is still listed or counted as expired."
    ) { stage in
        let id = try await stage.failedEmergency { $0.ttl = stage.unit * 10 }
        let claimed = try await stage.store.claimEmergency(id, lease: stage.unit * 100)
        try await stage.subject.advance(stage.unit * 12)
        try stage.require(try await stage.emergencies().map(\.id), is: [id], "listed operations")
        let isNoted = try await stage.store.failEmergency(id, token: claimed.token, error: "again")
        try stage.require(isNoted, is: true, "whether the run was the present one")
        let counts = try await stage.store.emergencyCounts()
        try stage.require(counts.total + counts.expiredUnresolved, is: 1, "operations listed or expired")
    }

    static let extended = StoreCheck(
        "aBackupCanBeKeptLonger",
        "A backup whose time is extended is kept until the new time; nil keeps it for ever."
    ) { stage in
        let (later, forever) = (try await stage.failedEmergency { $0.ttl = stage.unit * 10 }, EmergencyID.next())
        _ = try await stage.failedEmergency {
            $0.ttl = stage.unit * 10
            $0.id = forever
        }
        let answers = [
            try await stage.store.extendEmergency(later, ttl: stage.unit * 30),
            try await stage.store.extendEmergency(forever, ttl: nil),
            try await stage.store.extendEmergency(.next(), ttl: nil),
        ]
        try stage.require(answers, is: [true, true, false], "whether there was such a backup")
        try await stage.subject.advance(stage.unit * 12)
        try stage.require(try await stage.emergencies().map(\.id), is: [later, forever], "listed after the first time")
        try await stage.subject.advance(stage.unit * 30)
        let left = try await stage.emergencies()
        try stage.require(left.map(\.id), is: [forever], "listed after the new time")
        try stage.require(left.map(\.expiresAt), is: [nil], "times at which backups are given up")
    }

    static let kept = StoreCheck(
        "aBackupIsKeptForItsTime",
        "Until its time has passed, a backup is listed and can be claimed, and says when it will be given up."
    ) { stage in
        let id = try await stage.failedEmergency { $0.ttl = stage.unit * 50 }
        try await stage.subject.advance(stage.unit * 2)
        let seen = try await stage.emergencies()
        try stage.require(seen.map(\.id), is: [id], "listed operations")
        let kept = seen.first.flatMap { backup in
            backup.expiresAt.map { $0.sinceUnixEpoch - backup.createdAt.sinceUnixEpoch }
        }
        try stage.require(kept, is: stage.unit * 50, "how long it is kept")
        _ = try await stage.store.claimEmergency(id, lease: stage.unit)
    }

    static let soon = StoreCheck(
        "backupsThatExpireSoonAreFound",
        "Asked for backups that expire within a time, the store lists these only, and no more than asked for."
    ) { stage in
        let soon = try await stage.failedEmergency { $0.ttl = stage.unit * 50 }
        _ = try await stage.failedEmergency { $0.ttl = stage.unit * 500 }
        let within = try await stage.store.emergencies(expiringWithin: stage.unit * 100, limit: 10)
        try stage.require(within.map(\.id), is: [soon], "operations that expire soon")
        try stage.require(
            try await stage.store.emergencies(expiringWithin: nil, limit: 1).count,
            is: 1,
            "listed at most"
        )
    }
}
