import FoundationEssentials
import HarnessKit

/// The options of a peer without a queue of its own.
struct PeerOptions: Codable, Sendable {
    var maxConcurrency: Int?

    static let descriptions = [
        "maxConcurrency": "How many operations run at once, at most; the number of CPUs when absent."
    ]

    func validate() throws {
        try PeerLimits.requirePositive(maxConcurrency, option: "maxConcurrency")
    }
}

/// The options of a peer that queues what cannot start at once.
struct QueuedPeerOptions: Codable, Sendable {
    var maxConcurrency: Int?
    var queueCapacity: Int?

    static let descriptions = PeerOptions.descriptions.merging(
        ["queueCapacity": "How many operations wait, at most, before further ones are refused; no limit when absent."]
    ) { own, _ in own }

    func validate() throws {
        try PeerLimits.requirePositive(maxConcurrency, option: "maxConcurrency")
        try PeerLimits.requirePositive(queueCapacity, option: "queueCapacity")
    }
}

enum PeerLimits {
    /// The limit that an absent `maxConcurrency` stands for.
    static func concurrency(_ maxConcurrency: Int?) -> Int {
        maxConcurrency ?? ProcessInfo.processInfo.activeProcessorCount
    }

    static func requirePositive(_ value: Int?, option: String) throws {
        guard let value, value < 1 else { return }
        throw PluginOptionError(option: option, message: "is \(value); give a number from 1, or leave the option out")
    }
}
