import Foundation
import HarnessKit
import Processing
import ProcessingRedis
import ProcessingSQLite
import Synchronization
import Testing

@testable import HarnessCommand

/// The commands about jobs, as an operator uses them.
@Suite(.timeLimit(.minutes(1)))
struct JobsCommandTests {
    struct Outcome {
        var exit: HarnessExit
        var output: String
        var error: String
    }

    static func run(
        _ arguments: String...,
        processors: ProcessorRegistry = ProcessorRegistry()
    ) async throws -> Outcome {
        let printed = Mutex((output: "", error: ""))
        let terminal = Terminal(
            output: { text in printed.withLock { $0.output += text } },
            error: { text in printed.withLock { $0.error += text } }
        )
        let exit = await HarnessCommand.run(
            ["jobs"] + arguments,
            registry: try PluginRegistry(targets: []),
            terminal: terminal,
            jobs: JobsSetup(stores: try StoreCatalogue([.sqlite, .redis, .rediss]), processors: processors)
        )
        return printed.withLock { Outcome(exit: exit, output: $0.output, error: $0.error) }
    }

    /// Buries a job with an error.
    static func bury(_ stand: Stand, operation: String = "send") async throws -> JobID {
        let id = try await stand.store.enqueue([JobRequest(operation: operation, payload: [0x31])], in: "default")[0].id
        let claim = ClaimRequest(worker: .next(), queues: ["default"], count: 1, lease: .seconds(9))
        let job = try #require(try await stand.store.claim(claim).first)
        _ = try await stand.store.settle([JobSettlement(job.lease, .bury(.refused, error: "no such\naddress"))])
        return id
    }

    @Test func statusShowsTheQueues() async throws {
        try await Stand.with { stand in
            _ = try await Self.bury(stand)
            try await stand.add(1...3)
            let outcome = try await Self.run("status", "--store", stand.address)
            #expect(outcome.exit == .pass)
            #expect(
                outcome.output == """
                    healthy

                    queue    high  normal  low  running  delayed  dead  done  workers
                    default  0     3       0    0        0        1     0     0

                    """
            )
        }
    }

    @Test func statusAsJSONIsOneValue() async throws {
        try await Stand.with { stand in
            try await stand.add(1...3)
            let outcome = try await Self.run("status", "--json", "--store", stand.address)
            let value = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            )
            #expect(value["healthy"] as? Bool == true)
            let queue = try #require((value["queues"] as? [[String: Any]])?.first)
            #expect((queue["waiting"] as? [String: Int])?["normal"] == 3)
        }
    }

    @Test func deadLettersAreListedAndRequeued() async throws {
        try await Stand.with { stand in
            let id = try await Self.bury(stand)
            let listed = try await Self.run("dead", "--store", stand.address)
            #expect(listed.output.contains(id.rawValue))
            #expect(listed.output.contains("refused"))
            #expect(listed.output.contains("no such address"))
            let requeued = try await Self.run("requeue", id.rawValue, "--store", stand.address)
            #expect(requeued.output == "requeued 1 of queue 'default'\n")
            #expect(try await stand.status().totalWaiting == 1)
            let again = try await Self.run("requeue", id.rawValue, "--store", stand.address)
            #expect(again.exit == .invalid)
            #expect(again.error.contains("there is no dead letter '\(id)'"))
        }
    }

    @Test func deadLettersAreDiscarded() async throws {
        try await Stand.with { stand in
            let (one, other) = (try await Self.bury(stand), try await Self.bury(stand, operation: "sweep"))
            let discarded = try await Self.run("discard", one.rawValue, "--store", stand.address)
            #expect(discarded.output == "discarded 1 of queue 'default'\n")
            #expect(try await stand.store.deadLetters(in: "default", after: nil, limit: 9).map(\.job.id) == [other])
            let byName = try await Self.run("discard", "--operation", "sweep", "--json", "--store", stand.address)
            #expect(byName.output.contains(other.rawValue))
            let status = try await stand.status()
            #expect([status.dead, status.discarded, status.totalWaiting] as [Int] == [0, 2, 0])
        }
    }

    @Test(arguments: ["requeue", "discard"])
    func changesOfDeadLettersNeedToBeToldWhich(command: String) async throws {
        let outcome = try await Self.run(command, "--store", "sqlite:/nowhere")
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains("give identities, or --operation <name>, or --all"))
    }

    @Test func emergenciesAreListedAndRetried() async throws {
        try await Stand.with { stand in
            let request = EmergencyRequest(operation: "pay", payload: [0x31], failure: "timeout")
            _ = try await stand.store.beginEmergency(request)
            let listed = try await Self.run("emergencies", "--store", stand.address)
            #expect(listed.output.contains(request.id.rawValue) && listed.output.contains("timeout"))
            let unable = try await Self.run("retry", request.id.rawValue, "--store", stand.address)
            #expect(unable.exit == .invalid)
            #expect(unable.output.contains("not replayable"))
            var processors = ProcessorRegistry()
            try processors.register("pay") { (_: Int, _) in }
            let done = try await Self.run(
                "retry",
                request.id.rawValue,
                "--store",
                stand.address,
                processors: processors
            )
            #expect(done.exit == .pass)
            #expect(done.output == "\(request.id)  resolved\n")
            let empty = try await Self.run("emergencies", "--store", stand.address)
            #expect(empty.output == "no critical operation is open\n")
        }
    }

    @Test(arguments: [
        ("memory:", "lives in the process"), ("oracle:x", "no kind of store named 'oracle'"), ("jobs.db", "no address"),
        ("sqlite:", "names no file"), ("sqlite://host/x", "names no file"), ("sqlite:/nowhere/x.db", "/nowhere/x.db"),
        ("redis://127.0.0.1:1/0", "storeUnavailable"),
        ("redis://127.0.0.1:1/0?prefix=x", "there is no option 'prefix'"),
        ("redis://127.0.0.1:1/0?queuePrefix", "is not a name, '=' and a value"), ("redis:x", "it has no scheme"),
        ("env:EPHEMERAL_NO_SUCH_VARIABLE", "is not set"),
    ])
    func anAddressThatLeadsNowhereIsExplained(_ address: String, _ explanation: String) async throws {
        let outcome = try await Self.run("status", "--store", address)
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains(explanation))
    }

    @Test(arguments: ["lease", "grace", "retry-base", "retry-cap"], ["inf", "nan", "1e300", "-1"])
    func timesThatAreNoneAreRefused(option: String, seconds: String) async throws {
        let outcome = try await Self.run("work", "--\(option)=\(seconds)", "--store", "sqlite:/nowhere")
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains("--\(option)"))
    }

    @Test func workWithoutProcessorsIsRefused() async throws {
        try await Stand.with { stand in
            let outcome = try await Self.run("work", "--store", stand.address)
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("no processors"))
        }
    }
}
