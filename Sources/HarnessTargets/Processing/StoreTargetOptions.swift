import HarnessKit

/// The options of targets that keep their operations in a processing store.
struct StoreTargetOptions: Codable, Sendable {
    var store: Store?
    var url: String?
    var durability: Durability?
    var proxy: Bool?
    var commandTimeout: DurationText?

    /// The kinds of stores.
    enum Store: String, Codable, Sendable, CaseIterable {
        case memory
        case sqlite
        case redis
    }

    /// What a success of the store in a file promises about power cuts.
    enum Durability: String, Codable, Sendable, CaseIterable {
        case full
        case relaxed
    }

    static let descriptions = [
        "store":
            "Where jobs and backups are kept: in memory, in a file of the run, or on a Redis server; memory when absent.",
        "url":
            "The Redis server, as redis://127.0.0.1:6379/15, which is taken when absent; the run uses keys of its own there.",
        "durability": "What the store in a file promises about power cuts; full when absent.",
        "proxy":
            "Whether a proxy stands before the Redis server, which the timeline can stall, delay and cut; false when absent.",
        "commandTimeout": "How long an answer of the Redis server may take; 5 s when absent.",
    ]

    /// What a scenario says that must be there for a store on a server.
    static let requirement = "redis"

    var kind: Store { store ?? .memory }

    var server: String { url ?? "redis://127.0.0.1:6379/15" }

    func validate() throws {
        func refuse(_ option: String, _ message: String) -> PluginOptionError {
            PluginOptionError(option: option, message: message)
        }
        if url != nil, kind != .redis { throw refuse("url", "goes with \"store\": \"redis\" only; remove it") }
        if durability != nil, kind != .sqlite {
            throw refuse("durability", "goes with \"store\": \"sqlite\" only; remove it")
        }
        if let commandTimeout {
            guard kind == .redis else {
                throw refuse("commandTimeout", "goes with \"store\": \"redis\" only; remove it")
            }
            guard commandTimeout.duration > .zero else {
                throw refuse("commandTimeout", "is \(commandTimeout.text); give a positive time")
            }
        }
        if proxy == true {
            guard kind == .redis else {
                throw refuse("proxy", "goes with \"store\": \"redis\" only; other stores need none, remove it")
            }
            guard server.hasPrefix("redis://") else {
                throw refuse("proxy", "cannot see into TLS; give a redis:// url")
            }
        }
    }

    /// Why it cannot run in virtual time.
    var virtualObstacle: String? {
        kind == .memory ? nil : "its store is outside of the process and has a clock of its own"
    }

    /// Why the server is not to be had.
    func obstacle(to requirement: String) async -> String? {
        guard requirement == Self.requirement, kind == .redis else { return nil }
        do {
            try await RunStore.look(for: server)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
