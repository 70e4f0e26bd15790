import EphemeralTesting
import Foundation
import Processing
import ProcessingSQLite

/// A folder that is removed when nobody uses it any more.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/processing-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String = "jobs.db") -> String { path + "/" + name }

    /// Opens the store of this folder.
    func store(
        time: ManualTimeSource? = nil,
        configure: (inout SQLiteStoreOptions) -> Void = { _ in }
    ) throws -> SQLiteProcessingStore {
        var options = SQLiteStoreOptions()
        if let time { options.time = time }
        configure(&options)
        return try SQLiteProcessingStore(path: file(), options: options)
    }
}

extension ProcessingStore {
    @discardableResult
    func add(_ names: String..., priority: JobPriority = .normal) async throws -> [JobID] {
        let requests = names.map { JobRequest(operation: $0, payload: Array("1".utf8), priority: priority) }
        return try await enqueue(requests, in: "default").map(\.id)
    }

    func take(_ count: Int = 1, lease: Duration = .seconds(30), patience: Duration = .zero) async throws -> [ClaimedJob]
    {
        try await claim(
            ClaimRequest(worker: .next(), queues: ["default"], count: count, lease: lease, patience: patience)
        )
    }
}
