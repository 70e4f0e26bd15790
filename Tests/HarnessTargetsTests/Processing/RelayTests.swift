import NIOCore
import NIOEmbedded
import Testing

@testable import HarnessTargets

/// What a proxy does with what is on its way, without a network.
@Suite(.timeLimit(.minutes(1)))
struct RelayTests {
    /// One direction of a connection.
    private struct Direction {
        let source = EmbeddedChannel()
        let destination = EmbeddedChannel()

        func send(_ text: String) throws { try source.writeInbound(ByteBuffer(string: text)) }

        /// What has arrived since somebody last looked.
        func arrived() throws -> String {
            source.embeddedEventLoop.run()
            var text = ""
            while let bytes = try destination.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
            return text
        }
    }

    /// Runs a test in one go: an embedded channel belongs to one thread.
    private func onTheWay(_ body: (StoreProxy, Direction) throws -> Void) async throws {
        let proxy = try await StoreProxy.start(to: "redis://127.0.0.1:1/0")
        let result = Result {
            let direction = Direction()
            try proxy.relay(from: direction.source, to: direction.destination)
            try body(proxy, direction)
            _ = try direction.source.finish()
        }
        await proxy.close()
        try result.get()
    }

    @Test func aFairWayHandsOnAtOnce() async throws {
        try await onTheWay { _, way in
            try way.send("a")
            #expect(try way.arrived() == "a")
        }
    }

    @Test func aStallHandsNothingOnUntilItsEnd() async throws {
        try await onTheWay { proxy, way in
            proxy.stall(true)
            try way.send("a")
            try way.send("b")
            #expect(try way.arrived() == "")
            proxy.stall(false)
            #expect(try way.arrived() == "ab")
        }
    }

    @Test func whatIsDelayedHoldsBackWhatComesLater() async throws {
        try await onTheWay { proxy, way in
            proxy.delay(by: .seconds(3600))
            try way.send("a")
            proxy.delay(by: nil)
            try way.send("b")
            way.source.embeddedEventLoop.advanceTime(by: .seconds(3599))
            #expect(try way.arrived() == "")
            way.source.embeddedEventLoop.advanceTime(by: .seconds(1))
            #expect(try way.arrived() == "ab")
        }
    }
}
