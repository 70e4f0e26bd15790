import Processing
import Testing

@testable import ProcessingRedis

/// URLs of servers.
@Suite(.timeLimit(.minutes(1)))
struct RedisAddressTests {
    @Test func allPartsAreRead() throws {
        let address = try RedisAddress(url: "rediss://worker:s3cret@cache.example:7000/4")
        #expect(address.host == "cache.example")
        #expect(address.port == 7000)
        #expect(address.usesTLS)
        #expect(address.login == RedisLogin(username: "worker", password: Secret("s3cret"), database: 4))
    }

    @Test(arguments: ["redis://h", "redis://h/", "REDIS://h:6379", "redis://h/0"])
    func partsMayBeLeftOut(_ url: String) throws {
        let address = try RedisAddress(url: url)
        #expect(address == (try RedisAddress(url: "redis://h:6379/0")))
        #expect(address.login == RedisLogin())
    }

    @Test func aPasswordMayHoldAnything() throws {
        #expect(try RedisAddress(url: "redis://:a%40b%2Fc%25@h").login.password == Secret("a@b/c%"))
        #expect(try RedisAddress(url: "redis://:p@ss/w:rd@h").login.password == Secret("p@ss/w:rd"))
        #expect(try RedisAddress(url: "redis://:p@h").login.username == nil)
    }

    @Test func addressesInDigitsAreHosts() throws {
        #expect(try RedisAddress(url: "redis://[::1]:7000/1").host == "::1")
        #expect(try RedisAddress(url: "redis://[::1]").port == 6379)
        #expect(try RedisAddress(url: "redis://127.0.0.1:7000").host == "127.0.0.1")
    }

    @Test(arguments: [
        "", "localhost:6379", "http://h", "redis:/h", "redis://", "redis://:6379", "redis://h:0", "redis://h:65536",
        "redis://h:x", "redis://::1", "redis://[::1", "redis://[::1]x", "redis://h/x", "redis://h/-1", "redis://h?db=1",
        "redis://topsecret@h", "redis://u:topsecret%zz@h", "redis://u:topsecret%4@h", "redis://u:topsecret@h:x",
    ])
    func whatCannotBeUsedIsRefusedWithoutShowingSecrets(_ url: String) {
        let error = #expect(throws: ProcessingError.self) { try RedisAddress(url: url) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("topsecret") == false)
        #expect(error?.message.contains("redis://user:password@host:6379/0") == true)
    }

    @Test func noTextShowsThePassword() throws {
        let address = try RedisAddress(url: "rediss://worker:topsecret@h/1")
        var dumped = ""
        dump(address, to: &dumped)
        let texts = ["\(address)", String(reflecting: address), String(reflecting: address.login), dumped]
        #expect(texts.filter { $0.contains("topsecret") } == [])
        #expect("\(address)" == "rediss://h:6379/1")
    }
}
