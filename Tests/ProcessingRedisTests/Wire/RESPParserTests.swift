import NIOCore
import Testing

@testable import ProcessingRedis

/// Reading values from a stream of bytes.
@Suite(.timeLimit(.minutes(1)))
struct RESPParserTests {
    private static func values(of text: String, limits: RESPParser.Limits = .init()) throws -> [RESPValue] {
        var parser = RESPParser(limits: limits)
        parser.append(ByteBuffer(string: text))
        var values: [RESPValue] = []
        while let value = try parser.next() { values.append(value) }
        return values
    }

    private static func text(_ text: String) -> RESPValue { .text(Array(text.utf8)) }

    private static let samples: [(String, RESPValue)] = [
        ("+OK\r\n", text("OK")),
        ("+\r\n", text("")),
        (":42\r\n", .integer(42)),
        (":-9223372036854775808\r\n", .integer(.min)),
        (":+7\r\n", .integer(7)),
        ("$5\r\na\r\nb\r\r\n", text("a\r\nb\r")),
        ("$0\r\n\r\n", text("")),
        ("$-1\r\n", .null),
        ("*-1\r\n", .null),
        ("_\r\n", .null),
        ("*0\r\n", .array([])),
        ("*2\r\n:1\r\n*1\r\n$1\r\nx\r\n", .array([.integer(1), .array([text("x")])])),
        ("-ERR no\r\n", .error(RedisServerError(message: "ERR no"))),
        ("!6\r\nOOM no\r\n", .error(RedisServerError(message: "OOM no"))),
        ("#t\r\n", .boolean(true)),
        ("#f\r\n", .boolean(false)),
        (",1.5\r\n", .double(1.5)),
        (",inf\r\n", .double(.infinity)),
        ("(123456789012345678901234567890\r\n", text("123456789012345678901234567890")),
        ("=7\r\ntxt:abc\r\n", text("abc")),
        ("%1\r\n+a\r\n:1\r\n", .map([text("a"), .integer(1)])),
        ("~2\r\n:1\r\n:2\r\n", .array([.integer(1), .integer(2)])),
        (">2\r\n+invalidate\r\n_\r\n", .push([text("invalidate"), .null])),
        ("|1\r\n+ttl\r\n:3\r\n:5\r\n", .integer(5)),
        ("*2\r\n|1\r\n+ttl\r\n:3\r\n:5\r\n:6\r\n", .array([.integer(5), .integer(6)])),
    ]

    @Test(arguments: samples.indices)
    func everyTypeIsRead(_ index: Int) throws {
        let (text, value) = Self.samples[index]
        #expect(try Self.values(of: text) == [value])
    }

    @Test(arguments: 1...7)
    func piecesMayBeginAndEndAnywhere(_ size: Int) throws {
        let bytes = Array(Self.samples.map(\.0).joined().utf8)
        var parser = RESPParser()
        var values: [RESPValue] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            parser.append(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
            while let value = try parser.next() { values.append(value) }
        }
        #expect(values == Self.samples.map(\.1))
    }

    @Test(arguments: samples.indices)
    func anUnfinishedValueIsNotRead(_ index: Int) throws {
        let text = Self.samples[index].0
        for length in 0..<text.utf8.count {
            let part = String(decoding: text.utf8.prefix(length), as: UTF8.self)
            #expect(try Self.values(of: part) == [], "the first \(length) bytes of '\(text)'")
        }
    }

    @Test(arguments: [
        "?\r\n", "\r\n", ":\r\n", ":1a\r\n", ":-\r\n", ":9223372036854775808\r\n", "$-2\r\n", "*-7\r\n", "$x\r\n",
        "$1\r\nab\r\n", "+a\rb\r\n", ",one\r\n", "$?\r\n", "*?\r\n", "HTTP/1.1 400\r\n",
    ])
    func whatIsNoProtocolIsRefused(_ text: String) {
        #expect(throws: RESPError.self) { try Self.values(of: text) }
    }

    @Test func partsWithinPartsAreLimited() throws {
        var limits = RESPParser.Limits()
        limits.depth = 3
        let deep = String(repeating: "*1\r\n", count: 3) + ":1\r\n"
        #expect(try Self.values(of: deep, limits: limits) == [.array([.array([.array([.integer(1)])])])])
        #expect(throws: RESPError.self) { try Self.values(of: "*1\r\n" + deep, limits: limits) }
    }

    @Test func aReplyIsLimitedInItsBytes() throws {
        var limits = RESPParser.Limits()
        limits.reply = 20
        #expect(try Self.values(of: "$8\r\n12345678\r\n$8\r\n12345678\r\n", limits: limits).count == 2)
        #expect(throws: RESPError.self) { try Self.values(of: "$21\r\n", limits: limits) }
        #expect(throws: RESPError.self) { try Self.values(of: "*2\r\n$8\r\n12345678\r\n$8\r\n", limits: limits) }
    }

    @Test func aReplyIsLimitedInItsElements() throws {
        var limits = RESPParser.Limits()
        limits.elements = 3
        #expect(try Self.values(of: "*2\r\n:1\r\n:2\r\n*2\r\n:1\r\n:2\r\n", limits: limits).count == 2)
        #expect(throws: RESPError.self) { try Self.values(of: "*4\r\n", limits: limits) }
        #expect(throws: RESPError.self) { try Self.values(of: "*2\r\n*2\r\n", limits: limits) }
    }

    @Test func aLineIsLimited() throws {
        var limits = RESPParser.Limits()
        limits.line = 8
        #expect(try Self.values(of: "+1234567\r\n", limits: limits).count == 1)
        #expect(throws: RESPError.self) { try Self.values(of: "+12345678", limits: limits) }
    }

    @Test func errorsOfScriptsOnOldServersAreRecognised() {
        let wrapped = RedisServerError(
            message: "ERR Error running script (call to f_1): @user_script:3: OOM command not"
        )
        #expect(wrapped.isKind("OOM"))
        #expect(!wrapped.isKind("WRONGTYPE"))
        #expect(RedisServerError(message: "OOM command not allowed").isKind("OOM"))
    }
}
