import EphemeralTime
import Foundation
import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct RunFolderTests {
    private let out = "\(NSTemporaryDirectory())run-folder-\(UUID().uuidString)"
    private let start = WallTime(sinceUnixEpoch: .milliseconds(1_788_264_000_250))

    private func folder(revision: String? = "v1.2-3-gabc") throws -> RunFolder {
        try RunFolder(
            out: out,
            scenario: "burst",
            startedAt: start,
            revision: revision,
            digest: "0123456789abcdef"
        )
    }

    @Test
    func folderIsNamedByTimeRevisionAndDigest() throws {
        #expect(try folder().path == "\(out)/burst/20260901T120000250Z-v1.2-3-gabc-01234567")
        #expect(try folder(revision: nil).path == "\(out)/burst/20260901T120000250Z-nogit-01234567")
        try FileManager.default.removeItem(atPath: out)
    }

    @Test
    func nothingIsFoundUnderTheFinalNameBeforeItIsWhole() throws {
        let folder = try folder()
        try folder.write("history/queue-1.jsonl", text: "{}\n")
        #expect(!FileManager.default.fileExists(atPath: folder.path))
        try folder.publish()
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/history/queue-1.jsonl"))
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(out)/burst")
        #expect(names.count == 1)
        try FileManager.default.removeItem(atPath: out)
    }

    @Test
    func placeThatIsNoFolderIsReportedWithItsPathAndAMend() throws {
        try Data().write(to: URL(fileURLWithPath: out))
        let error = #expect(throws: RunFolderError.self) { try RunFolder.check(out: out, scenario: "burst") }
        #expect(error?.path == "\(out)/burst")
        #expect(error?.description.contains("--out") == true)
        try FileManager.default.removeItem(atPath: out)
    }

    @Test
    func checkLeavesNothingButTheFolderOfTheScenario() throws {
        try RunFolder.check(out: out, scenario: "burst")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(out)/burst").isEmpty)
        try FileManager.default.removeItem(atPath: out)
    }

    @Test(arguments: [("../../etc", "-..-etc"), ("a b/c", "a-b-c"), ("..", "unnamed"), ("ok-1_2.x", "ok-1_2.x")])
    func namesCannotLeaveTheFolder(name: String, file: String) {
        #expect(RunFolder.fileName(name) == file)
    }
}
