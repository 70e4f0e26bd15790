import Foundation
import HarnessTargets
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct GateCommandTests {
    @Test
    func aBuildIsTheSameAsItself() async throws {
        try await withFolder { folder in
            let outcome = try await gate(head: try Self.proof, "--out", folder.path)
            #expect(outcome.exit == .pass, "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.hasPrefix("SAME: none of"))
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(Set(files) == ["gate.json", "gate.md", "junit.xml"])
        }
    }

    @Test
    func aLostItemIsAViolatedInvariant() async throws {
        try await withFolder { folder in
            let outcome = try await gate(head: try folder.plant("lost-item"))
            #expect(outcome.exit == .invariantViolated, "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.contains("REGRESSED: invariants: conservation"))
        }
    }

    @Test
    func aDifferenceThatIsMeantDoesNotBlock() async throws {
        try await withFolder { folder in
            // The slowdown changes nothing in virtual time.
            let outcome = try await gate(head: try folder.plant("slowdown"), "--accept", "*")
            #expect(outcome.exit == .pass, "\(outcome.output)\(outcome.error)")
        }
    }

    @Test(arguments: [("/bin/false", "ended before it answered"), ("/bin/echo", "does not know the gate")])
    func aProgramThatIsNoHarnessIsNamed(base: String, message: String) async throws {
        let outcome = try await HarnessRun(
            ["gate", "--base", base, "--head", try Self.proof, "--quiet", Self.scenario],
            targets: BuiltInTargets.all
        )
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains("the base executable"))
        #expect(outcome.error.contains(message))
    }

    @Test
    func aProgramThatIsNotThereIsNamed() async throws {
        let outcome = try await gate(head: "/nowhere/harness")
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains("the head executable /nowhere/harness cannot be started"))
    }

    @Test
    func aFileThatNeitherBuildCanReadIsNamed() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "bad.json")
            try Data("{".utf8).write(to: file)
            let outcome = try await HarnessRun(
                ["gate", "--base", try Self.proof, "--head", try Self.proof, "--quiet", file.path],
                targets: BuiltInTargets.all
            )
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("no target that both builds can run"))
            #expect(outcome.error.contains("bad.json"))
        }
    }

    @Test(arguments: [
        ["--processes", "1"], ["--pairs", "0"], ["--budget", "soon"], ["--fail-on", "everything"],
    ])
    func optionWithAnImpossibleValueIsAnError(option: [String]) async throws {
        let outcome = try await gate(head: try Self.proof, option[0], option[1])
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains(option[0]))
    }

    private static let scenario = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../GateProof/Scenarios/behaviour.json").standardizedFileURL.path

    private static var proof: String {
        get throws {
            URL(fileURLWithPath: try BuiltHarness.path).deletingLastPathComponent().appending(path: "gate-proof").path
        }
    }

    private func gate(head: String, _ further: String...) async throws -> HarnessRun {
        try await HarnessRun(
            ["gate", "--base", try Self.proof, "--head", head, "--quiet", Self.scenario] + further,
            targets: BuiltInTargets.all
        )
    }
}

extension URL {
    /// Writes an executable into the folder that is the proof's with a defect.
    fileprivate func plant(_ defect: String) throws -> String {
        let proof = URL(fileURLWithPath: try BuiltHarness.path).deletingLastPathComponent().appending(
            path: "gate-proof"
        )
        let file = appending(path: defect)
        let text = "#!/bin/sh\nEPHEMERAL_PLANTED_DEFECT=\(defect) exec \"\(proof.path)\" \"$@\"\n"
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return file.path
    }
}
