internal import NIOCore

/// A command with its arguments, ready to be written.
struct RedisCommand: Sendable {
    /// One argument, its name included.
    enum Argument: Sendable, ExpressibleByStringLiteral {
        case text(String)
        case bytes([UInt8])
        case integer(Int64)
        /// Several arguments that were written before, because every command has them.
        case written(WrittenArguments)

        init(stringLiteral value: String) { self = .text(value) }

        static func number(_ value: Int) -> Argument { .integer(Int64(value)) }
    }

    var arguments: [Argument]

    init(_ arguments: Argument...) {
        self.arguments = arguments
    }

    init(_ arguments: [Argument]) {
        self.arguments = arguments
    }

    /// About how many bytes it takes, never too few.
    var size: Int {
        arguments.reduce(32) { sum, argument in
            switch argument {
            case .text(let text): sum + text.utf8.count + 24
            case .bytes(let bytes): sum + bytes.count + 24
            case .integer: sum + 48
            case .written(let written): sum + written.bytes.count
            }
        }
    }

    func write(into buffer: inout ByteBuffer) {
        let count = arguments.reduce(0) { sum, argument in
            if case .written(let written) = argument { sum + written.count } else { sum + 1 }
        }
        buffer.writeHead("*", count)
        for argument in arguments { argument.write(into: &buffer) }
    }
}

/// Arguments as they are written.
struct WrittenArguments: Sendable {
    let bytes: [UInt8]
    let count: Int

    init(_ texts: [String]) {
        var buffer = ByteBuffer()
        for text in texts { RedisCommand.Argument.text(text).write(into: &buffer) }
        bytes = Array(buffer.readableBytesView)
        count = texts.count
    }
}

extension RedisCommand.Argument {
    fileprivate func write(into buffer: inout ByteBuffer) {
        switch self {
        case .text(let text):
            buffer.writeHead("$", text.utf8.count)
            buffer.writeString(text)
            buffer.writeStaticString("\r\n")
        case .bytes(let bytes):
            buffer.writeHead("$", bytes.count)
            buffer.writeBytes(bytes)
            buffer.writeStaticString("\r\n")
        case .integer(let number):
            let digits = String(number)
            buffer.writeHead("$", digits.utf8.count)
            buffer.writeString(digits)
            buffer.writeStaticString("\r\n")
        case .written(let written):
            buffer.writeBytes(written.bytes)
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeHead(_ type: StaticString, _ count: Int) {
        writeStaticString(type)
        // Short strings need no allocation.
        writeString(String(count))
        writeStaticString("\r\n")
    }
}
