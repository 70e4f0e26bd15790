import EphemeralTime
import Foundation
import HarnessKit
import Processing
import ProcessingRedis
import ProcessingSQLite

/// The store of one run: empty at its begin, and gone with all that it held at its end.
final class RunStore: Sendable {
    let store: any ProcessingStore
    /// Its address for other processes; `nil` in memory.
    let address: String?
    /// A folder for what belongs to the run; `nil` where nothing needs one.
    let folder: String?
    /// What stands before a server.
    let proxy: StoreProxy?

    /// Where folders of runs are made.
    @TaskLocal static var temporaryFolder = FileManager.default.temporaryDirectory.path

    private init(
        _ store: any ProcessingStore,
        address: String? = nil,
        folder: String? = nil,
        proxy: StoreProxy? = nil
    ) {
        self.store = store
        self.address = address
        self.folder = folder
        self.proxy = proxy
    }

    /// Opens the store of a run.
    ///
    /// - Parameters:
    ///   - options: Which kind, and where.
    ///   - isShared: Whether other processes use it as well.
    ///   - time: The clock of a store in memory.
    /// - Returns: The store; see ``shutdown()``.
    /// - Throws: `ProcessingError`, and whatever keeps a folder or a proxy from being made.
    static func open(_ options: StoreTargetOptions, isShared: Bool, time: any TimeSource) async throws -> RunStore {
        switch options.kind {
        case .memory:
            return RunStore(MemoryProcessingStore(time: time))
        case .sqlite:
            return try await withFolder { folder in
                let path = "\(folder)/jobs.db"
                var settings = SQLiteStoreOptions()
                settings.durability = options.durability == .relaxed ? .relaxed : .full
                if !isShared { settings.pollInterval = nil }
                let store = try SQLiteProcessingStore(path: path, options: settings)
                return RunStore(store, address: "sqlite:\(path)", folder: folder)
            }
        case .redis where isShared:
            return try await withFolder { try await openOnServer(options, folder: $0) }
        case .redis:
            return try await openOnServer(options, folder: nil)
        }
    }

    private static func openOnServer(_ options: StoreTargetOptions, folder: String?) async throws -> RunStore {
        let proxy = options.proxy == true ? try await StoreProxy.start(to: options.server) : nil
        let url = proxy?.url ?? options.server
        var settings = RedisStoreOptions()
        if let timeout = options.commandTimeout { settings.commandTimeout = timeout.duration }
        let prefix = "harness:\(JobID.next()):"
        settings.queuePrefix = prefix + "queue:"
        settings.emergencyPrefix = prefix + "emergency:"
        do {
            return RunStore(
                try await RedisProcessingStore.open(url, options: settings),
                address: "\(url)?queuePrefix=\(settings.queuePrefix)&emergencyPrefix=\(settings.emergencyPrefix)",
                folder: folder,
                proxy: proxy
            )
        } catch {
            await proxy?.close()
            throw error
        }
    }

    /// Throws what keeps a server from being used.
    static func look(for server: String) async throws {
        var settings = RedisStoreOptions()
        settings.connectTimeout = .seconds(2)
        settings.queuePrefix = "harness:look:queue:"
        settings.emergencyPrefix = "harness:look:emergency:"
        let store = try await RedisProcessingStore.open(server, options: settings)
        do {
            try await store.removeEverything()
        } catch {
            await store.shutdown()
            throw error
        }
        await store.shutdown()
    }

    /// Makes a folder for a store, and removes it when the store cannot be opened.
    private static func withFolder(_ open: (_ folder: String) async throws -> RunStore) async throws -> RunStore {
        let folder = temporaryFolder + "/harness-\(JobID.next())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        do {
            return try await open(folder)
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    /// Removes all that the store held, and closes it.
    func shutdown() async {
        proxy?.recover()
        // What cannot be removed any more stays under names that nobody uses.
        if let store = store as? RedisProcessingStore { try? await store.removeEverything() }
        await store.shutdown()
        await proxy?.close()
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }
}
