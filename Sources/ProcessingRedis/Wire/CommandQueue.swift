internal import DequeModule
internal import NIOCore

/// What a connection may hold.
struct CommandLimits: Sendable {
    /// Commands without an answer.
    var commands = 10_000
    /// Bytes that wait to be written.
    var bytes = 64 << 20
    /// Bytes of one command.
    var command = 64 << 20
    /// How long an answer may take.
    var timeout = Duration.seconds(5)
}

/// The commands of one connection: what is to be written, and who waits for which reply.
///
/// A server answers in order, so a command that nobody waits for any more keeps its place. Tells nothing of sockets or
/// tasks: `Waiter` stands for whoever waits.
struct CommandQueue<Waiter: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Slot: Sendable {
        /// `nil` when nobody waits any more.
        var waiter: Waiter?
        let due: Instant
    }

    private enum Writing {
        case idle
        /// Somebody was told to write.
        case told
        /// The socket has bytes that it has not taken entirely.
        case busy
    }

    enum Phase: Sendable {
        case open
        /// Answers are awaited, nothing new is taken.
        case draining
        case closed
    }

    let limits: CommandLimits
    private(set) var phase = Phase.open
    private var slots = Deque<Slot>()
    /// The number of the first slot; they are counted from 0.
    private var firstNumber = 0
    private var outgoing = ByteBuffer()
    /// The commands before this number were written.
    private var written = 0
    private var writing = Writing.idle
    private var busyBytes = 0

    init(limits: CommandLimits) {
        self.limits = limits
    }

    /// How many answers are missing.
    var count: Int { slots.count }

    private var nextNumber: Int { firstNumber + slots.count }
}

extension CommandQueue {
    struct Added: Equatable {
        /// The number of the command.
        let number: Int
        /// Whether somebody has to be told to write.
        let mustTell: Bool
    }

    /// Takes a command.
    mutating func add(_ command: RedisCommand, for waiter: Waiter, now: Instant) -> Result<Added, RedisFailure> {
        guard phase == .open else { return .failure(.notSent("the connection is being closed")) }
        let size = command.size
        guard size <= limits.command else { return .failure(.tooLarge(bytes: size, limit: limits.command)) }
        guard slots.count < limits.commands else {
            return .failure(.overloaded("\(slots.count) commands wait for their answer already"))
        }
        guard busyBytes + outgoing.readableBytes + size <= max(limits.bytes, size) else {
            return .failure(.overloaded("\(busyBytes + outgoing.readableBytes) bytes wait to be written already"))
        }
        command.write(into: &outgoing)
        slots.append(Slot(waiter: waiter, due: now.advanced(by: limits.timeout)))
        defer { if writing == .idle { writing = .told } }
        return .success(Added(number: nextNumber - 1, mustTell: writing == .idle))
    }

    /// All bytes that wait, for the one who was told to write.
    mutating func takeOutgoing() -> ByteBuffer? {
        guard writing != .busy, phase != .closed else { return nil }
        guard outgoing.readableBytes > 0 else {
            writing = .idle
            return nil
        }
        defer { outgoing = ByteBuffer() }
        writing = .busy
        busyBytes = outgoing.readableBytes
        written = nextNumber
        return outgoing
    }

    /// Notes that the socket has taken the bytes.
    ///
    /// - Returns: Whether more wait: the caller is told to write.
    mutating func finishWriting() -> Bool {
        busyBytes = 0
        writing = outgoing.readableBytes > 0 ? .told : .idle
        return writing == .told
    }
}

extension CommandQueue {
    struct Answered {
        /// Who waited for it; `nil` when nobody does any more.
        let waiter: Waiter?
        /// Whether it was the last one of a queue that is being closed.
        let isLast: Bool
    }

    /// Takes the next answer; `nil` when nothing was asked.
    mutating func answer() -> Answered? {
        guard let slot = slots.popFirst() else { return nil }
        firstNumber += 1
        return Answered(waiter: slot.waiter, isLast: phase == .draining && slots.isEmpty)
    }

    /// Lets nobody wait for a command any more; its answer will be dropped.
    mutating func abandon(_ number: Int) -> Waiter? {
        let index = number - firstNumber
        guard slots.indices.contains(index) else { return nil }
        return slots[index].waiter.take()
    }

    struct Expired {
        /// Those whose answer is due, oldest first.
        var waiters: [Waiter] = []
        /// Whether the connection is of no use any more.
        var mustClose = false
    }

    /// Gives up waiting for answers that are due.
    ///
    /// One that is twice as late as it may be ends the connection.
    mutating func expire(now: Instant) -> Expired {
        var expired = Expired()
        for index in slots.indices {
            guard slots[index].due <= now else { break }
            if let waiter = slots[index].waiter.take() { expired.waiters.append(waiter) }
        }
        if let oldest = slots.first {
            expired.mustClose = oldest.due.advanced(by: phase == .draining ? .zero : limits.timeout) <= now
        }
        return expired
    }

    /// When ``expire(now:)`` has something to do, if ever.
    var nextExpiry: Instant? {
        guard let oldest = slots.first else { return nil }
        let close = oldest.due.advanced(by: phase == .draining ? .zero : limits.timeout)
        return min(close, slots.first { $0.waiter != nil }?.due ?? close)
    }

    /// Takes nothing new.
    ///
    /// - Returns: Whether no answers are missing.
    mutating func drain() -> Bool {
        if phase == .open { phase = .draining }
        return slots.isEmpty
    }

    /// Ends everything.
    ///
    /// - Returns: Everybody who waits, and whether the command was written.
    mutating func close() -> [(waiter: Waiter, wasWritten: Bool)] {
        phase = .closed
        defer {
            firstNumber = nextNumber
            slots = []
            outgoing = ByteBuffer()
        }
        return slots.enumerated().compactMap { index, slot in
            slot.waiter.map { ($0, firstNumber + index < written) }
        }
    }
}
