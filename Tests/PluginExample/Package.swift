// swift-tools-version: 6.3
import PackageDescription

// A harness with plugins of its own, as a package outside would make it: a target, a fault and an invariant.
let package = Package(
    name: "PluginExample",
    dependencies: [.package(name: "Ephemeral", path: "../..")],
    targets: [
        .target(
            name: "LeakyBucket",
            dependencies: [
                .product(name: "HarnessKit", package: "Ephemeral"),
                .product(name: "EphemeralTime", package: "Ephemeral"),
            ]
        ),
        .executableTarget(
            name: "leaky-harness",
            dependencies: ["LeakyBucket", .product(name: "HarnessCommand", package: "Ephemeral")]
        ),
        .testTarget(
            name: "LeakyBucketTests",
            dependencies: ["LeakyBucket", .product(name: "HarnessKit", package: "Ephemeral")]
        ),
    ]
)
