import NIOCore
import Testing

@testable import ProcessingRedis

/// The first words on a connection, without one.
@Suite(.timeLimit(.minutes(1)))
struct RedisHandshakeTests {
    /// Answers the commands of a handshake.
    ///
    /// - Returns: The commands in words, and what the handshake came to.
    private static func shakeHands(
        _ url: String,
        answers: RESPValue...
    ) throws -> (commands: [String], end: RedisHandshake.Step?) {
        var handshake = RedisHandshake(login: try RedisAddress(url: url).login, name: "me")
        var commands = [words(handshake.opening)]
        for answer in answers {
            let step = handshake.receive(answer)
            guard case .send(let command) = step else { return (commands, step) }
            commands.append(words(command))
        }
        return (commands, nil)
    }

    private static func words(_ command: RedisCommand) -> String {
        var buffer = ByteBuffer()
        command.write(into: &buffer)
        return String(buffer: buffer).split(separator: "\r\n").filter { !"*$".contains($0.prefix(1)) }
            .joined(separator: " ")
    }

    private static func text(_ text: String) -> RESPValue { .text(Array(text.utf8)) }

    private static func error(_ message: String) -> RESPValue { .error(RedisServerError(message: message)) }

    private static let hello = RESPValue.map([text("version"), text("7.0.15"), text("role"), text("master")])
    private static let ok = text("OK")

    @Test func oneGreetingSaysEverything() throws {
        let (commands, end) = try Self.shakeHands("redis://h", answers: Self.hello, Self.text("PONG"))
        #expect(commands == ["HELLO 3 SETNAME me", "PING"])
        guard case .ready(let server) = end else {
            Issue.record("the handshake came to \(String(describing: end))")
            return
        }
        #expect(server.version == RedisVersion(7, 0))
        #expect(server.role == "master")
        #expect(server.knowsScriptFlags)
    }

    @Test func aPasswordAloneIsThatOfTheDefaultUser() throws {
        let (commands, _) = try Self.shakeHands("redis://:pw@h", answers: Self.hello)
        #expect(commands == ["HELLO 3 AUTH default pw SETNAME me", "PING"])
    }

    @Test func theDatabaseIsSelected() throws {
        let (commands, _) = try Self.shakeHands("redis://u:pw@h/3", answers: Self.hello, Self.ok)
        #expect(commands == ["HELLO 3 AUTH u pw SETNAME me", "SELECT 3", "PING"])
    }

    @Test(arguments: [
        "ERR unknown command `HELLO`, with args beginning with: `3`", "NOPROTO unsupported protocol version",
    ])
    func oldServersAreToldOneByOne(_ refusal: String) throws {
        let (commands, end) = try Self.shakeHands(
            "redis://:pw@h/2",
            answers: Self.error(refusal),
            Self.ok,
            Self.ok,
            Self.text("# Server\r\nredis_version:5.0.14\r\n"),
            Self.ok,
            Self.text("PONG")
        )
        #expect(
            commands == [
                "HELLO 3 AUTH default pw SETNAME me", "AUTH pw", "CLIENT SETNAME me", "INFO server", "SELECT 2", "PING",
            ]
        )
        guard case .ready(let server) = end else {
            Issue.record("the handshake came to \(String(describing: end))")
            return
        }
        #expect(server.version == RedisVersion(5, 0))
        #expect(!server.knowsScriptFlags)
    }

    @Test func oldServersWithoutPasswordAreNotTold() throws {
        let refusal = Self.error("ERR unknown command 'HELLO'")
        let (commands, _) = try Self.shakeHands("redis://h", answers: refusal)
        #expect(commands == ["HELLO 3 SETNAME me", "CLIENT SETNAME me"])
    }

    @Test(arguments: [
        "WRONGPASS invalid username-password pair or user is disabled.", "NOAUTH HELLO must be called with the client",
        "NOPERM this user has no permissions",
    ])
    func aRefusalIsFinal(_ message: String) throws {
        let (_, end) = try Self.shakeHands("redis://:topsecret@h", answers: Self.error(message))
        guard case .denied(let reason) = end else {
            Issue.record("the handshake came to \(String(describing: end))")
            return
        }
        #expect(reason.contains(message))
        #expect(!reason.contains("topsecret"))
    }

    @Test(arguments: ["LOADING Redis is loading the dataset in memory", "MASTERDOWN Link with MASTER is down"])
    func aServerThatIsNotReadyIsAskedAgainLater(_ message: String) throws {
        let (_, end) = try Self.shakeHands("redis://h", answers: Self.hello, Self.error(message))
        guard case .unavailable = end else {
            Issue.record("the handshake came to \(String(describing: end))")
            return
        }
    }
}
