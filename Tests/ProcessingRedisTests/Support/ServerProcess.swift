import EphemeralTesting
import Foundation
import NIOCore
import NIOPosix
import Testing

/// A server of one test alone, which may be hurt.
final class ServerProcess: Sendable {
    let port: Int
    private let folder: URL
    private let process: Process
    /// Whether it came up; ends before that count as not.
    private let starts = Journal<Bool>()
    private let ends = Journal<Int32>()

    private init(port: Int, folder: URL, arguments: [String]) throws {
        (self.port, self.folder) = (port, folder)
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
        process.arguments =
            ["--bind", "127.0.0.1", "--save", "", "--dir", folder.path] + arguments
        process.standardInput = FileHandle.nullDevice
        process.terminationHandler = { [ends, starts] in
            starts.record(false)
            ends.record($0.terminationStatus)
        }
    }

    /// Runs a server while a body runs.
    static func run<Value>(
        _ arguments: [String] = [],
        isEncrypted: Bool = false,
        during body: (ServerProcess) async throws -> Value
    ) async throws -> Value {
        // Where tests have a server, the program is installed.
        _ = try SharedServer.url()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let port = try await freePort()
        let ports = ["--port", isEncrypted ? "0" : "\(port)"] + (isEncrypted ? ["--tls-port", "\(port)"] : [])
        let server = try ServerProcess(port: port, folder: folder, arguments: ports + arguments)
        try await server.start()
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try await server.kill()
        return try result.get()
    }

    /// The same server again, with what it kept on disk, while a body runs.
    func runAgain<Value>(during body: () async throws -> Value) async throws -> Value {
        let again = try ServerProcess(
            port: port,
            folder: folder,
            arguments: Array((process.arguments ?? []).dropFirst(6))
        )
        try await again.start()
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try await again.kill()
        return try result.get()
    }

    var url: String { "redis://127.0.0.1:\(port)/0" }

    /// Ends the server at once, as a power cut of its process.
    func kill() async throws {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        _ = try await ends.first(1)
    }

    /// Returns when the server answers.
    private func start() async throws {
        let output = Pipe()
        process.standardOutput = output
        output.fileHandleForReading.readabilityHandler = { [starts] handle in
            let text = String(decoding: handle.availableData, as: UTF8.self)
            // The end of the output comes as nothing.
            if text.isEmpty { handle.readabilityHandler = nil }
            if text.contains("Ready to accept connections") { starts.record(true) }
        }
        try process.run()
        try #require(try await starts.first(1) == [true], "the server did not come up")
    }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await channel.close()
        return port
    }
}
