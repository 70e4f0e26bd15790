import Ephemeral
import EphemeralPatterns
import EphemeralTime
import HarnessKit

/// Downloads that say how far they are: each operation is one, over a transport in memory.
///
/// The body is the time that the server takes, before the head or in the middle of what it sends. Scripted errors say what goes
/// wrong: `status:503` is the status of the response, `truncated` ends the body early, and any other one breaks the connection.
enum SignalingHTTPTarget: Target {
    typealias Options = CombinedOptions<DownloadOptions, QueueTargetOptions>

    /// What is downloaded, and how it comes.
    struct DownloadOptions: Codable, Sendable {
        var maxConcurrency: Int?
        var bytes: Int?
        var chunks: Int?
        var chunkInterval: DurationText?
        var length: Length?
        var workAt: WorkPlace?

        static let descriptions = [
            "maxConcurrency": "How many downloads run at a time; 4 when absent.",
            "bytes": "How many bytes a body has; 65536 when absent.",
            "chunks": "In how many pieces it comes; 8 when absent.",
            "chunkInterval": "The time between two pieces; none when absent.",
            "length":
                "What the head says of the length: known (when absent), unknown, or mixed, which is also no body.",
            "workAt": "Where the server takes its time: head (when absent), or body, in the middle of what it sends.",
        ]
    }

    /// What the head of a response says of the length of its body.
    enum Length: String, Codable, Sendable, CaseIterable {
        case known
        case unknown
        /// By the operation's number: known, unknown, no body at all.
        case mixed
    }

    /// Where a download spends its operation's work.
    enum WorkPlace: String, Codable, Sendable, CaseIterable {
        case head
        case body
    }

    static let id = "pattern.signaling-http"
    static let summary = "SignalingHTTPClient: each operation is a download that tells its progress by signals."
    static let optionDescriptions = QueueTargetOptions.descriptions
        .merging(DownloadOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("fifo-per-key", "starts-in-order", "no-task-leak")
        capabilities.invariants.append(InvariantSpec(use: "signal-sequence", options: Self.sequence))
        return capabilities
    }

    /// The order of the signals of a download.
    private static let sequence: JSONValue = [
        "order": [
            "stage.starting", "progress:0", "stage.request", "stage.headers", "stage.reading", "progress:*",
            "stage.completed",
        ],
        "last": ["stage.completed", "stage.failed:*", "stage.cancelled"],
    ]

    static func validate(_ options: Options) throws {
        let download = options.first
        try OptionChecks.require([
            ("maxConcurrency", download.maxConcurrency, 1),
            ("bytes", download.bytes, 0),
            ("chunks", download.chunks, 1),
        ])
        try OptionChecks.requirePositive([("chunkInterval", download.chunkInterval)])
        try options.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let port = SinkPort(time: environment.time)
        let (observer, server) = (environment.observer, OperationServer(options.first, environment))
        var rest = options.second.options(environment, sink: port.sink)
        rest.maxConcurrency = options.first.maxConcurrency ?? 4
        let downloads = try WorkCoordinator<Operation>(
            options: rest,
            onDiscard: { observer.discarded($0) },
            body: { operation, context in
                try await BodyCall(operation, environment).within { call in
                    let emitter = ToldEmitter(context: context, operation: operation, observer: observer)
                    try await server.download(call, reportingTo: emitter)
                }
            }
        )
        return PatternInstance(downloads, port: port)
    }
}
