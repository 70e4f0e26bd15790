// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "Ephemeral",
    products: [
        .library(name: "EphemeralTime", targets: ["EphemeralTime"]),
        .library(name: "Ephemeral", targets: ["Ephemeral"]),
        .library(name: "EphemeralAtoms", targets: ["EphemeralAtoms"]),
        .library(name: "EphemeralPatterns", targets: ["EphemeralPatterns"]),
        .library(name: "EphemeralTesting", targets: ["EphemeralTesting"]),
        .library(name: "EphemeralServer", targets: ["EphemeralServer"]),
        .library(name: "Processing", targets: ["Processing"]),
        .library(name: "ProcessingTesting", targets: ["ProcessingTesting"]),
        .library(name: "ProcessingSQLite", targets: ["ProcessingSQLite"]),
        .library(name: "ProcessingRedis", targets: ["ProcessingRedis"]),
        .library(name: "HarnessKit", targets: ["HarnessKit"]),
        .library(name: "HarnessCommand", targets: ["HarnessCommand"]),
        .executable(name: "harness", targets: ["harness"]),
    ],
    traits: [
        .trait(
            name: "Jemalloc",
            description: "Links the harness against jemalloc and counts its allocations exactly. Needs libjemalloc-dev."
        ),
        .default(enabledTraits: []),
    ],
    dependencies: [
        // Ring buffers (`Deque`) and the heap of ready keys: the core's only dependency.
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // Commands, help and completion scripts of the harness.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Mergeable latency histograms.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        // `AsyncChannel`, as a peer that the coordinators are compared with.
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
        // `Service`: coordinators stop with the rest of a server, in order. Of EphemeralServer only, as the next four are.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // `Logger`: signals in a server's log.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        // Downloads over the network, for `SignalingHTTPClient`.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        // Counters, gauges and timers: signals and operations in a server's metrics.
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        // SQLite with transactions and a writer of its own. Of ProcessingSQLite only.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Connections to Redis, and TLS for those; what AsyncHTTPClient stands on, and the server of its tests; the way from
        // a scenario to its worker processes and its Redis server.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
    ],
    targets: [
        .target(name: "EphemeralTime"),
        .target(
            name: "Ephemeral",
            dependencies: [
                "EphemeralTime",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        .target(
            name: "EphemeralAtoms",
            dependencies: [
                "EphemeralTime",
                "Ephemeral",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        .target(name: "EphemeralPatterns", dependencies: ["EphemeralTime", "Ephemeral", "EphemeralAtoms"]),
        .target(name: "EphemeralTesting", dependencies: ["EphemeralTime", "Ephemeral"]),
        .target(
            name: "EphemeralServer",
            dependencies: [
                "EphemeralTime",
                "Ephemeral",
                "Processing",
                "EphemeralPatterns",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]
        ),
        .target(
            name: "Processing",
            dependencies: [
                "EphemeralTime",
                "Ephemeral",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]
        ),
        // Apart from EphemeralTesting, so that tests of coordinators do not build the stores.
        .target(
            name: "ProcessingTesting",
            dependencies: ["Processing", "EphemeralTesting", "EphemeralTime", "Ephemeral"]
        ),
        .target(
            name: "ProcessingSQLite",
            dependencies: ["Processing", "EphemeralTime", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(
            name: "ProcessingRedis",
            dependencies: [
                "Processing",
                "EphemeralTime",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        .target(name: "CHarnessSystem"),
        .target(
            name: "CJemalloc",
            cSettings: [.define("EPHEMERAL_COUNT_ALLOCATIONS", .when(traits: ["Jemalloc"]))],
            linkerSettings: [.linkedLibrary("jemalloc", .when(platforms: [.linux], traits: ["Jemalloc"]))]
        ),
        .target(
            name: "HarnessKit",
            dependencies: [
                "EphemeralTime",
                "CHarnessSystem",
                "CJemalloc",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "DequeModule", package: "swift-collections"),
            ]
        ),
        .target(name: "HarnessReports", dependencies: ["HarnessKit"]),
        .target(
            name: "HarnessTargets",
            dependencies: [
                "HarnessKit",
                "Ephemeral",
                "EphemeralAtoms",
                "EphemeralPatterns",
                "EphemeralTime",
                "Processing",
                "ProcessingSQLite",
                "ProcessingRedis",
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "DequeModule", package: "swift-collections"),
            ]
        ),
        .target(
            name: "HarnessCommand",
            dependencies: [
                "HarnessKit",
                "HarnessReports",
                "Processing",
                "EphemeralTime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        // Rates of the store on Redis; see scripts/bench-redis.
        .executableTarget(
            name: "redis-store-bench",
            dependencies: ["ProcessingRedis", "Processing", "EphemeralTime"]
        ),
        .executableTarget(
            name: "harness",
            dependencies: ["HarnessCommand", "HarnessTargets", "ProcessingRedis", "ProcessingSQLite"]
        ),

        .testTarget(name: "EphemeralTimeTests", dependencies: ["EphemeralTime", "EphemeralTesting"]),
        .testTarget(name: "EphemeralTests", dependencies: ["Ephemeral", "EphemeralTesting", "EphemeralTime"]),
        .testTarget(
            name: "EphemeralAtomsTests",
            dependencies: ["EphemeralAtoms", "Ephemeral", "EphemeralTesting", "EphemeralTime"]
        ),
        .testTarget(
            name: "EphemeralPatternsTests",
            dependencies: ["EphemeralPatterns", "Ephemeral", "EphemeralTesting", "EphemeralTime"]
        ),
        .testTarget(
            name: "EphemeralTestingTests",
            dependencies: ["EphemeralTesting", "Ephemeral", "EphemeralTime"]
        ),
        .testTarget(
            name: "EphemeralServerTests",
            dependencies: [
                "EphemeralServer",
                "EphemeralPatterns",
                "Ephemeral",
                "EphemeralTesting",
                "EphemeralTime",
                "Processing",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]
        ),
        .testTarget(
            name: "ProcessingTests",
            dependencies: ["Processing", "ProcessingTesting", "Ephemeral", "EphemeralTesting", "EphemeralTime"]
        ),
        .testTarget(
            name: "ProcessingSQLiteTests",
            dependencies: [
                "ProcessingSQLite",
                "Processing",
                "ProcessingTesting",
                "EphemeralTesting",
                "EphemeralTime",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "ProcessingRedisTests",
            dependencies: [
                "ProcessingRedis",
                "Processing",
                "ProcessingTesting",
                "Ephemeral",
                "EphemeralTesting",
                "EphemeralTime",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "InMemoryLogging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "HarnessKitTests", dependencies: ["HarnessKit", "EphemeralTime", "EphemeralTesting"]),
        .testTarget(
            name: "HarnessReportsTests",
            dependencies: ["HarnessReports", "HarnessKit"],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "HarnessTargetsTests",
            dependencies: [
                "HarnessTargets",
                "HarnessKit",
                "Ephemeral",
                "EphemeralTime",
                "EphemeralTesting",
                "Processing",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "HarnessCommandTests",
            dependencies: ["HarnessCommand", "HarnessTargets", "HarnessKit", "HarnessReports", "gate-proof"]
        ),
        // The harness with processors that fault tests can look at from outside.
        .executableTarget(
            name: "processing-probe",
            dependencies: ["HarnessCommand", "Processing", "ProcessingRedis", "ProcessingSQLite"],
            path: "Tests/ProcessingProbe"
        ),
        // The harness with a target that defects can be planted into; see scripts/prove-gate.
        .executableTarget(
            name: "gate-proof",
            dependencies: ["HarnessCommand", "HarnessKit", "Ephemeral"],
            path: "Tests/GateProof",
            exclude: ["Scenarios"]
        ),
        .testTarget(
            name: "HarnessJobsTests",
            dependencies: [
                "processing-probe",
                "harness",
                "HarnessCommand",
                "HarnessKit",
                "Processing",
                "ProcessingRedis",
                "ProcessingSQLite",
                "EphemeralTime",
                "EphemeralTesting",
            ]
        ),
    ]
)

// Documentation is generated by a plugin that nobody needs who builds the package. `scripts/docs` sets the variable.
if Context.environment["EPHEMERAL_DOCUMENTATION"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

// The thread sanitizer does not see the runtime's mutex; builds for it use one that it sees (`SanitizerMutex`), whose module
// not every file imports. `scripts/test` sets the variable.
let isForThreadSanitizer = Context.environment["EPHEMERAL_THREAD_SANITIZER"] != nil
let dependsOnBuild: [SwiftSetting] =
    isForThreadSanitizer
    ? [.define("EPHEMERAL_THREAD_SANITIZER")]
    : [.enableUpcomingFeature("MemberImportVisibility")]

for target in package.targets where target.type != .system && !target.name.hasPrefix("C") {
    target.swiftSettings =
        [
            .swiftLanguageMode(.v6),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableUpcomingFeature("InferIsolatedConformances"),
            .enableUpcomingFeature("ImmutableWeakCaptures"),
            .strictMemorySafety(),
        ] + dependsOnBuild
}
