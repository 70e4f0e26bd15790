import EphemeralTesting
import Processing
import ProcessingRedis
import Testing

/// Passwords and rights.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct AccessTests {
    @Test func aWrongPasswordIsToldOfAtOnceAndNeverShown() async throws {
        try await ServerProcess.run(["--requirepass", "right"]) { server in
            let journal = Journal<String>()
            for url in ["redis://:topsecret@127.0.0.1:\(server.port)", server.url] {
                var options = SharedServer.freshOptions()
                options.logger = LogJournal.logger(journal)
                let error = await #expect(throws: ProcessingError.self) {
                    try await RedisProcessingStore.open(url, options: options)
                }
                #expect(error?.code == .storeRefused)
                #expect(error?.description.contains("topsecret") == false)
            }
            #expect(journal.count > 0)
            #expect(journal.elements.filter { $0.contains("topsecret") } == [])
        }
    }

    @Test func aDatabaseThatTheServerDoesNotHaveIsToldOfAtOnce() async throws {
        try await ServerProcess.run(["--databases", "2"]) { server in
            let error = await #expect(throws: ProcessingError.self) {
                try await RedisProcessingStore.open("redis://127.0.0.1:\(server.port)/7")
            }
            #expect(error?.code == .storeRefused)
            #expect(error?.message.contains("DB index is out of range; check the user, the password, the data") == true)
        }
    }

    @Test func aPasswordThatIsChangedWhileRunningIsShownAndPutRight() async throws {
        try await ServerProcess.run(["--requirepass", "first"]) { server in
            let journal = Journal<String>()
            try await StoreBench.run("redis://:first@127.0.0.1:\(server.port)") {
                $0.logger = LogJournal.logger(journal)
            } body: { bench in
                try await bench.enqueue("1")
                try await StoreBench.run("redis://:first@127.0.0.1:\(server.port)") { admin in
                    let store = bench.store
                    // A connection that is let in stays so; it is closed for the change to be noticed.
                    try await admin.tellAll(
                        ["CONFIG", "SET", "requirepass", "second"],
                        ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]
                    ) {
                        _ = try await journal.first(3)
                        await bench.expect(.storeRefused) { try await bench.enqueue("2") }
                        #expect(await store.health().problems.contains { $0.contains("WRONGPASS") })
                    } then: {
                        ["CONFIG", "SET", "requirepass", "first"]
                    }
                }
                // Which attempt finds it put right is a matter of chance; every one before it is told of.
                var seen = journal.count
                while await bench.code(of: { try await bench.enqueue("3") }) == .storeRefused {
                    seen += 1
                    _ = try await journal.first(seen)
                }
                #expect(try await bench.claim(9).map(\.job.operation) == ["1", "3"])
                #expect(journal.elements.filter { $0.contains("first") || $0.contains("second") } == [])
            }
        }
    }

    @Test(arguments: ["-xadd", "-evalsha"])
    func missingRightsAreNotTriedAgain(_ right: String) async throws {
        try await ServerProcess.run(["--user", "worker", "on", ">pw", "~*", "&*", "+@all", right]) { server in
            try await StoreBench.run("redis://worker:pw@127.0.0.1:\(server.port)") { bench in
                let error = await #expect(throws: ProcessingError.self) { try await bench.enqueue("1") }
                #expect(error?.code == .storeRefused)
                #expect(error?.message.contains("rights") == true)
                #expect(await bench.store.health().isHealthy)
            }
        }
    }
}

extension StoreBench {
    /// Sends commands on one connection, does something, and sends one more.
    func tellAll(
        _ commands: [String]...,
        during body: @Sendable () async throws -> Void,
        then last: @Sendable () -> [String]
    ) async throws {
        try await withConnection { connection in
            for command in commands { try await connection.tell(command) }
            try await body()
            try await connection.tell(last())
        }
    }
}
