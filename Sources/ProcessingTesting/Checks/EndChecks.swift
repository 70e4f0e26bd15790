internal import Processing

/// Health and the end of a store.
enum EndChecks {
    static let all = [health, closed, waiting]

    static let health = StoreCheck(
        "aStoreThatWorksIsHealthy",
        "A store that works is healthy; one that was shut down says what is wrong."
    ) { stage in
        let before = await stage.store.health()
        try stage.require(before.isHealthy, "a store that works has the problems \(before.problems)")
        await stage.store.shutdown()
        try stage.require(await !stage.store.health().isHealthy, "a store that was shut down is healthy")
    }

    static let closed = StoreCheck(
        "aClosedStoreRefusesEverything",
        "After a shutdown, which may be repeated, calls throw the code closed."
    ) { stage in
        try await stage.enqueue("1")
        let job = try await stage.claimOne()
        await stage.store.shutdown()
        await stage.store.shutdown()
        try await stage.require(.closed, "enqueue") { try await stage.enqueue("2") }
        try await stage.require(.closed, "claim") { _ = try await stage.claim() }
        try await stage.require(.closed, "settle") { try await stage.settle(job, .done) }
        try await stage.require(.closed, "status") { _ = try await stage.status() }
        try await stage.require(.closed, "beginEmergency") {
            _ = try await stage.store.beginEmergency(stage.emergency())
        }
    }

    static let waiting = StoreCheck(
        "aShutdownEndsWaitingClaims",
        "A claim that waits while the store is shut down ends with the code closed."
    ) { stage in
        let claim = Task { try await stage.claim { $0.patience = stage.unit * 1000 } }
        try await stage.subject.untilWaiting()
        await stage.store.shutdown()
        let answer = try await stage.answer(of: "a waiting claim of a store that was shut down", claim)
        try await stage.require(.closed, "the waiting claim") { _ = try answer.get() }
    }
}
