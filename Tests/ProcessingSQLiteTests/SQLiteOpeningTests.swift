import Foundation
import GRDB
import Processing
import Testing

@testable import ProcessingSQLite

/// Opening files: stores, and what is none.
@Suite(.timeLimit(.minutes(1)))
struct SQLiteOpeningTests {
    private func error(_ folder: Folder) -> ProcessingError? {
        #expect(throws: ProcessingError.self) { try folder.store() }
    }

    /// Changes the file as another program would.
    private func execute(_ sql: String, in folder: Folder) throws {
        let file = try DatabaseQueue(path: folder.file())
        try file.write { try $0.execute(sql: sql) }
        try file.close()
    }

    @Test func whatWasStoredIsThereAfterOpeningAgain() async throws {
        let folder = try Folder()
        let first = try folder.store()
        let ids = try await first.add("a", "b")
        _ = try await first.beginEmergency(EmergencyRequest(operation: "pay", payload: [1]))
        await first.shutdown()
        let second = try folder.store()
        #expect(try await second.take(5).map(\.job.id) == ids)
        #expect(try await second.emergencies(expiringWithin: nil, limit: 9).count == 1)
        await second.shutdown()
    }

    @Test func aFileOfAnotherProgramIsRefusedAndLeftAlone() throws {
        let folder = try Folder()
        try execute("CREATE TABLE songs (title TEXT)", in: folder)
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        let error = error(folder)
        #expect(error?.code == .foreignStore)
        #expect(error?.message.contains("another program") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
    }

    @Test func aFileOfANewerVersionIsRefused() async throws {
        let folder = try Folder()
        await (try folder.store()).shutdown()
        try execute("PRAGMA user_version = 99", in: folder)
        let error = error(folder)
        #expect(error?.code == .foreignStore)
        #expect(error?.message.contains("newer version (format 99") == true)
    }

    @Test func aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws {
        let folder = try Folder()
        let text = Data(repeating: 0x41, count: 4096)
        try text.write(to: URL(fileURLWithPath: folder.file()))
        let error = error(folder)
        #expect(error?.code == .foreignStore)
        #expect(error?.message.contains(folder.file()) == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == text)
    }

    @Test func aDamagedFileIsRefused() async throws {
        let folder = try Folder()
        let store = try folder.store()
        for _ in 0..<50 { try await store.add("a", "b", "c", "d") }
        await store.shutdown()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.file()))
        try file.seek(toOffset: 3 * 4096)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 4 * 4096))
        try file.close()
        #expect(error(folder)?.code == .foreignStore)
    }

    @Test func aFolderThatDoesNotExistIsNamed() throws {
        let folder = try Folder()
        let error = #expect(throws: ProcessingError.self) {
            try SQLiteProcessingStore(path: folder.path + "/nowhere/jobs.db")
        }
        #expect(error?.code == .storeUnavailable)
        #expect(error?.message.contains("/nowhere/jobs.db") == true)
    }

    @Test func aFileOnANetworkIsRecognised() {
        let mounts = """
            22 1 8:1 / / rw - ext4 /dev/sda1 rw
            30 22 0:40 / /mnt/my\\040share rw shared:5 - nfs4 server:/export rw
            31 22 0:41 / /mnt/local rw - xfs /dev/sdb1 rw
            """
        #expect(LocalDisk.network(of: "/mnt/my share/jobs.db", mounts: mounts) == "nfs4")
        #expect(LocalDisk.network(of: "/mnt/my shares.db", mounts: mounts) == nil)
        #expect(LocalDisk.network(of: "/mnt/local/jobs.db", mounts: mounts) == nil)
        #expect(LocalDisk.network(of: "/jobs.db", mounts: "") == nil)
    }

    @Test(arguments: [[], [""], ["a", "", "b"], ["1:2", ":", "ü✓", "a\u{0}\nb"]])
    func tagsMayHoldAnything(_ tags: [String]) {
        #expect(TagCoding.decode(TagCoding.encode(tags)) == tags)
    }
}
