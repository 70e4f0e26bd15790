import Ephemeral
import EphemeralTesting
import Foundation
import HarnessKit
import Processing
import Testing

@testable import HarnessTargets

/// Bodies that run in another process than their jobs.
@Suite(.timeLimit(.minutes(1)))
struct BodyHostTests {
    private func host(
        _ body: @escaping @Sendable (HarnessKit.Operation) async throws -> Void,
        during work: (BodyHost) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/bodies-\(JobID.next())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let host = try await BodyHost.listen(in: folder, tasks: TaskSpawner(executor: nil), body: body)
        let result = await Result { try await work(host) }
        await host.close()
        try result.get()
    }

    private static let operation = HarnessKit.Operation(index: 7, key: 8, lane: 2)

    private func run(at host: BodyHost) async throws {
        try await OperationPayload(Self.operation, host: host.path).runRemotely(at: host.path)
    }

    @Test func theOperationArrivesWhole() async throws {
        let seen = Journal<HarnessKit.Operation>()
        try await host {
            seen.record($0)
        } during: { host in
            try await run(at: host)
            #expect(seen.elements == [Self.operation])
        }
    }

    @Test func errorsComeBackByName() async throws {
        try await host { _ in
            throw ScriptedError(name: "two words")
        } during: { host in
            await #expect(throws: ScriptedError(name: "two words")) { try await run(at: host) }
        }
        try await host { _ in
            throw UserError("mend it")
        } during: { host in
            let error = await #expect(throws: UserError.self) { try await run(at: host) }
            #expect(error?.userMessage == "mend it")
        }
    }

    @Test func aCancelledCallCancelsTheBody() async throws {
        let (started, ended) = (Journal<Int>(), Journal<Bool>())
        try await host { operation in
            started.record(operation.index)
            let never = PeerLatch()
            do { try await never.wait() } catch { ended.record(error is CancellationError) }
        } during: { host in
            let call = Task { try await run(at: host) }
            _ = try await started.first(1)
            call.cancel()
            #expect(try await ended.first(1) == [true])
            await #expect(throws: (any Error).self) { try await call.value }
        }
    }

    @Test func withoutAHostTheCallFails() async throws {
        await #expect(throws: (any Error).self) {
            try await OperationPayload(Self.operation, host: nil).runRemotely(at: "/nowhere/bodies")
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
