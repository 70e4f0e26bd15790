import EphemeralTesting
import Processing
import Testing

extension Rig {
    /// Runs an operation for twice its lease, and fails the test unless nobody else could run it meanwhile.
    func expectNobodyElse(whileRunningBy runner: ProcessingManager) async throws {
        let call = Task { try await runner.processCritical(Item(number: 7)) { _, _ in try await gate.wait() } }
        try await gate.arrivals(1)
        let id = try #require(try await manager.pendingEmergencies().first?.id)
        for renewal in 1...6 {
            try await time.nextSleep()
            time.advance(by: .seconds(10))
            try await store.answers(renewal, of: .renew)
        }
        let retry = try await manager.retryEmergency(id)
        guard case .alreadyRetrying = retry else {
            Issue.record("the retry of an operation under way was answered with \(retry)")
            return
        }
        gate.open()
        try await call.value
    }
}
