/// A script that a server runs as one step.
///
/// Its text begins with its name and version; a server keeps every text under the digest of it, so versions never mix.
struct RedisScript: Sendable {
    /// What the script is called in errors.
    let name: String
    /// Whether running it twice does the same as running it once, so that it can be tried again when no answer came.
    let isRepeatable: Bool
    private let modern: Form
    private let plain: Form

    private struct Form: Sendable {
        let text: String
        let digest: String

        init(_ text: String) {
            self.text = text
            digest = SHA1.hexadecimal(text)
        }
    }

    /// Creates a script.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - version: Grows with every change of what it does.
    ///   - worksWhenFull: Whether it may run on a server that has no room: it moves jobs, or makes room.
    ///   - isRepeatable: Whether running it twice does the same as running it once.
    ///   - body: Its text in Lua.
    init(_ name: String, version: Int, worksWhenFull: Bool, isRepeatable: Bool = false, _ body: String) {
        self.name = name
        self.isRepeatable = isRepeatable
        let title = "-- ephemeral \(name) \(version)\n"
        // Servers before 7 do not know the first line. On those it is the first write that must be allowed on a full server.
        modern = Form("#!lua\(worksWhenFull ? " flags=allow-oom" : "")\n" + title + body)
        plain = Form(title + body)
    }

    /// The script, for servers that have run it before.
    func command(for server: RedisServer, keys: WrittenArguments, _ arguments: [RedisCommand.Argument]) -> RedisCommand
    {
        let form = server.knowsScriptFlags ? modern : plain
        return RedisCommand(["EVALSHA", .text(form.digest), .number(keys.count), .written(keys)] + arguments)
    }

    /// The script with its text, for servers that have not.
    func fullCommand(
        for server: RedisServer,
        keys: WrittenArguments,
        _ arguments: [RedisCommand.Argument]
    ) -> RedisCommand {
        let form = server.knowsScriptFlags ? modern : plain
        return RedisCommand(["EVAL", .text(form.text), .number(keys.count), .written(keys)] + arguments)
    }
}
