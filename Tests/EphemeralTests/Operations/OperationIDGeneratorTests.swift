import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct OperationIDGeneratorTests {
    @Test func identitiesAreTheReferenceHashesWithoutThoseThatAreNotPositive() {
        let generator = OperationIDGenerator(nonce: 0xDEAD_BEEF_CAFE_BABE, process: 4242)
        // Counters 0, 4 and 8: the first of each block of four whose hash is positive.
        let expected: [Int64] = [7_241_271_641_563_018_958, 7_887_442_555_476_269_396, 8_202_883_665_867_527_173]
        #expect(expected.map { _ in generator.next().rawValue } == expected)
    }

    @Test func aMillionIdentitiesArePositiveAndDistinct() {
        let generator = OperationIDGenerator(nonce: 1, process: 2, startingAt: .max - 10)
        let identities = (0..<1_000_000).map { _ in generator.next() }
        #expect(identities.allSatisfy { $0.rawValue > 0 })
        #expect(Set(identities).count == identities.count)
    }

    @Test func identitiesDoNotFollowOneAnother() {
        let generator = OperationIDGenerator(nonce: 1, process: 2)
        let identities = (0..<100).map { _ in generator.next() }
        #expect(identities != identities.sorted())
    }

    @Test func processesWithTheSameNumberAreKeptApartByTheirNonce() {
        let generators = [7, 8].map { OperationIDGenerator(nonce: $0, process: 1) }
        let identities = generators.map { generator in Set((0..<100_000).map { _ in generator.next() }) }
        #expect(identities[0].isDisjoint(with: identities[1]))
    }

    @Test func identitiesFromSeveralTasksAreDistinct() async {
        let identities = await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { (0..<10_000).map { _ in OperationID.next() } } }
            return await group.reduce(into: Set<OperationID>()) { $0.formUnion($1) }
        }
        #expect(identities.count == 40_000)
    }

    @Test func anIdentityReadBackFromANumberIsTheSame() {
        let id = OperationID.next()
        #expect(OperationID(rawValue: id.rawValue) == id)
        #expect(id.description == String(id.rawValue))
        #expect(OperationID(rawValue: 1) < OperationID(rawValue: 2))
    }
}
