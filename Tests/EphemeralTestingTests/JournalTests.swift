import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JournalTests {
    let journal = Journal<Int>()

    @Test func elementsKeepTheirOrder() {
        for value in [3, 1, 2] { journal.record(value) }
        #expect(journal.elements == [3, 1, 2])
        #expect(journal.count == 3)
    }

    @Test func firstWaitsForThatManyElements() async throws {
        async let two = journal.first(2)
        journal.record(1)
        journal.record(2)
        journal.record(3)
        #expect(try await two == [1, 2])
        #expect(try await journal.first(0).isEmpty)
    }

    @Test func cancellationEndsTheWait() async throws {
        let reader = Task { [journal] in try await journal.first(1) }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
    }
}
