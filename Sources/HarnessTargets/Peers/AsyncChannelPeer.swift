import AsyncAlgorithms
import HarnessKit
import Synchronization

/// An `AsyncChannel` between producers and consumer tasks; a send suspends until a consumer takes the operation.
enum AsyncChannelPeer: Target {
    static let id = "peer.async-channel"
    static let summary =
        "An AsyncChannel with one consumer task per unit of concurrency; sending suspends until one is free."
    static let optionDescriptions = PeerOptions.descriptions

    static func validate(_ options: PeerOptions) throws { try options.validate() }

    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: PeerOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        AsyncChannelPeerInstance(options: options, environment: environment)
    }
}

private final class AsyncChannelPeerInstance: TargetInstance {
    private let channel = AsyncChannel<Offer>()
    private let isOpen = Atomic(true)
    private let consumers: PeerConsumers
    private let work: PeerWork

    init(options: PeerOptions, environment: TargetEnvironment) {
        let work = PeerWork(environment)
        consumers = PeerConsumers(
            count: PeerLimits.concurrency(options.maxConcurrency),
            executor: environment.executor
        ) { [channel] in
            for await offer in channel where offer.claim() {
                work.enqueue()
                await work.run(offer.operation)
            }
        }
        self.work = work
    }

    func submit(_ operation: Operation) async throws -> Submission {
        let offer = Offer(operation)
        await channel.send(offer)
        // A send that was cut short by cancellation or by the channel's end looks like one that was delivered.
        if Task.isCancelled, offer.claim() { throw CancellationError() }
        if !isOpen.load(ordering: .acquiring), offer.claim() { return .refused }
        return .accepted
    }

    func drain() async throws {
        close()
        try await consumers.wait()
    }

    func shutdown() async {
        close()
        await consumers.cancel()
    }

    func accounting() -> TargetAccounting { work.accounting() }

    private func close() {
        isOpen.store(false, ordering: .releasing)
        channel.finish()
    }
}

/// An operation on its way through the channel: it belongs to the side that claims it, consumer or producer.
private final class Offer: Sendable {
    let operation: Operation
    private let isClaimed = Atomic(false)

    init(_ operation: Operation) {
        self.operation = operation
    }

    func claim() -> Bool {
        !isClaimed.exchange(true, ordering: .acquiringAndReleasing)
    }
}
