import Processing
import Testing

@testable import ProcessingRedis

/// Addresses of stores, and what becomes of what they held.
@Suite(.timeLimit(.minutes(1)))
struct StoreAddressTests {
    @Test func optionsFollowAQuestionMark() throws {
        let (url, options) = try StoreAddress.split(
            "redis://:p?w@h:1/2?queuePrefix=a:&emergencyPrefix=b:&emergencyTag=c&trustRoots=/d"
        )
        #expect(url == "redis://:p?w@h:1/2")
        #expect([options.queuePrefix, options.emergencyPrefix, options.emergencyTag] == ["a:", "b:", "c"])
        #expect(options.trustRoots == "/d")
    }

    @Test func withoutOptionsTheDefaultsHold() throws {
        let (url, options) = try StoreAddress.split("redis://h/2")
        #expect(url == "redis://h/2")
        #expect(options.queuePrefix == RedisStoreOptions().queuePrefix)
    }

    @Test(arguments: ["redis://:secret@h?x=1", "redis://:secret@h?queuePrefix", "redis://:secret@h?queuePrefix="])
    func optionsThatCannotBeUsedAreRefusedWithoutShowingAPassword(_ address: String) throws {
        let error = #expect(throws: ProcessingError.self) { _ = try StoreAddress.split(address) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("secret") == false)
    }

    @Test func aSchemeOpensAStore() async throws {
        let catalogue = try StoreCatalogue([.redis, .rediss])
        let options = SharedServer.freshOptions()
        let address = "\(try SharedServer.url())?queuePrefix=\(options.queuePrefix)"
        let store = try await catalogue.open(address)
        #expect((store as? RedisProcessingStore)?.options.queuePrefix == options.queuePrefix)
        await store.shutdown()
    }

    @Test func configuringByURLMakesTheManagerOfTheProcess() async throws {
        let options = SharedServer.freshOptions()
        let manager = try await configure(redisURL: SharedServer.url(), storeOptions: options)
        #expect(try configuredManager() === manager)
        let receipt = try await process(7, processor: "count", queueName: "numbers")
        #expect(try await manager.queueStatus(of: ["numbers"])[0].totalWaiting == 1)
        #expect(receipt.isDuplicate == false)
        await manager.store.shutdown()
    }

    @Test func whatIsRemovedIsWhatHasThePrefixAlone() async throws {
        let one = try await SharedServer.store()
        // A prefix that would be a pattern for the other's keys.
        let other = try await SharedServer.store {
            $0.queuePrefix = one.options.queuePrefix.replacing("test", with: "t*t")
            $0.emergencyPrefix = one.options.emergencyPrefix.replacing("test", with: "t*t")
        }
        for store in [one, other] {
            _ = try await store.enqueue([JobRequest(operation: "a", payload: [1])], in: "q")
            _ = try await store.beginEmergency(EmergencyRequest(operation: "b", payload: [1]))
        }
        try await other.removeEverything()
        #expect(try await other.status(of: ["q"])[0].enqueued == 0)
        #expect(try await other.emergencyCounts().total == 0)
        #expect(try await one.status(of: ["q"])[0].enqueued == 1)
        #expect(try await one.emergencyCounts().total == 1)
        for store in [one, other] { await store.shutdown() }
    }
}
