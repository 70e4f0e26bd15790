import Foundation
import Processing
import ProcessingRedis
import Testing

/// Connections under TLS.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct EncryptionTests {
    /// Runs a server that speaks TLS only, with a certificate of its own.
    private static func run(_ body: (_ url: String, _ certificate: String) async throws -> Void) async throws {
        _ = try SharedServer.url()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (key, certificate) = ("\(folder)/key.pem", "\(folder)/certificate.pem")
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0, "openssl made no certificate")
        let arguments = [
            "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate,
            "--tls-auth-clients", "no",
        ]
        try await ServerProcess.run(arguments, isEncrypted: true) { server in
            try await body("rediss://127.0.0.1:\(server.port)", certificate)
        }
    }

    @Test func aServerWhoseCertificateIsTrustedIsUsed() async throws {
        try await Self.run { url, certificate in
            try await StoreBench.run(url) {
                $0.trustRoots = certificate
            } body: { bench in
                try await bench.enqueue("1")
                #expect(try await bench.claim().map(\.job.operation) == ["1"])
            }
        }
    }

    @Test func aServerWhoseCertificateIsUnknownIsNotUsed() async throws {
        try await Self.run { url, _ in
            let error = await #expect(throws: ProcessingError.self) { try await RedisProcessingStore.open(url) }
            #expect(error?.code == .storeUnavailable)
            #expect(error?.message.lowercased().contains("certificate") == true)
        }
    }
}
