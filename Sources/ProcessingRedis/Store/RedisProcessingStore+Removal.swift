internal import Processing

extension RedisProcessingStore {
    /// Removes everything under the prefixes of the store: for stores that lived for one run only.
    ///
    /// Goes over all keys of the database, in steps between which others are served.
    ///
    /// - Throws: `ProcessingError`; what was not removed then is still there.
    package func removeEverything() async throws {
        for prefix in [options.queuePrefix, options.emergencyPrefix] { try await removeKeys(beginningWith: prefix) }
    }

    private func removeKeys(beginningWith prefix: String) async throws {
        let escaped = prefix.map { #"*?[]\^"#.contains($0) ? "\\\($0)" : "\($0)" }
        let pattern = escaped.joined() + "*"
        try await translating("remove") {
            var cursor = "0"
            repeat {
                let answer = try await client.call(
                    RedisCommand("SCAN", .text(cursor), "MATCH", .text(pattern), "COUNT", "1000")
                )
                guard let parts = answer.elements, parts.count == 2, let next = parts[0].string,
                    let keys = parts[1].elements
                else { throw foreign("remove") }
                cursor = next
                let names = keys.compactMap(\.bytes).map { RedisCommand.Argument.bytes($0) }
                if !names.isEmpty { _ = try await client.call(RedisCommand([.text("UNLINK")] + names)) }
            } while cursor != "0"
        }
    }
}
