import NIOCore

/// Hands on what comes at one end of a connection to the other, as the way is.
final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// A relay as other threads know it.
    struct Handle: Sendable {
        var relay: NIOLoopBound<Relay>
        var channel: any Channel
    }

    private let other: any Channel
    private let proxy: StoreProxy
    private var waiting: [(due: NIODeadline, bytes: ByteBuffer)] = []
    private var context: ChannelHandlerContext?

    init(to other: any Channel, proxy: StoreProxy) {
        (self.other, self.proxy) = (other, proxy)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let way = proxy.way
        let bytes = unwrapInboundIn(data)
        if waiting.isEmpty, way == StoreProxy.Way() { return other.writeAndFlush(bytes, promise: nil) }
        waiting.append((context.eventLoop.now + way.delay, bytes))
        handOn()
    }

    /// Hands on what may go on its way now, and comes back for the rest.
    func handOn() {
        guard let context, !proxy.way.isStalled else { return }
        while let first = waiting.first {
            guard first.due <= context.eventLoop.now else {
                let relay = NIOLoopBound(self, eventLoop: context.eventLoop)
                context.eventLoop.scheduleTask(deadline: first.due) { relay.value.handOn() }
                return
            }
            waiting.removeFirst()
            other.writeAndFlush(first.bytes, promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}
