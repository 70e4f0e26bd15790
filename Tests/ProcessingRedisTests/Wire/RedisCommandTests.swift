import NIOCore
import Testing

@testable import ProcessingRedis

/// Writing commands, and the names of scripts.
@Suite(.timeLimit(.minutes(1)))
struct RedisCommandTests {
    private static func text(_ command: RedisCommand) -> String {
        var buffer = ByteBuffer()
        command.write(into: &buffer)
        return String(buffer: buffer)
    }

    @Test func argumentsAreWrittenWithTheirLengthInBytes() {
        let command = RedisCommand("SET", .text("é"), .bytes([0x0D, 0x0A]), .number(-12))
        #expect(Self.text(command) == "*4\r\n$3\r\nSET\r\n$2\r\né\r\n$2\r\n\r\n\r\n$3\r\n-12\r\n")
    }

    @Test func writtenArgumentsCountAsMany() {
        let command = RedisCommand("DEL", .written(WrittenArguments(["a", "bc"])), "d")
        #expect(Self.text(command) == "*4\r\n$3\r\nDEL\r\n$1\r\na\r\n$2\r\nbc\r\n$1\r\nd\r\n")
    }

    @Test func theSizeIsNeverTooSmall() {
        let command = RedisCommand(
            .text(String(repeating: "x", count: 5000)),
            .bytes([1]),
            .integer(.min),
            .written(WrittenArguments(["", ""]))
        )
        #expect(command.size >= Self.text(command).utf8.count)
    }

    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    ])
    func scriptsAreKnownByTheirDigest(_ text: String, _ digest: String) {
        #expect(SHA1.hexadecimal(text) == digest)
    }

    @Test func pausesBetweenAttemptsGrowUpToTheirBound() {
        var backoff = Backoff()
        let bounds = (0..<9).map { _ in backoff.next(random: 1) }
        #expect(bounds == [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000].map { .milliseconds($0) })
        backoff.reset()
        #expect(backoff.next(random: 0.5) == .milliseconds(25))
        #expect(backoff.next(random: 0) == .zero)
    }
}
