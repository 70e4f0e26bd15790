/// A decoder that hands out placeholders and notes what was asked for.
struct ProbeDecoder: Decoder {
    let recorder: Recorder
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        recorder.beginObject()
        return KeyedDecodingContainer(ProbeKeyedContainer<Key>(recorder: recorder))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        recorder.noteSingle(.list(.anything, atLeast: 0))
        return ProbeUnkeyedContainer()
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    fileprivate static func placeholder<Value: Decodable>(
        _ type: Value.Type,
        depth: Int,
        note: (ValueShape) -> Void
    ) throws -> Value {
        let probed = try ShapeProbe.probe(type, depth: depth + 1)
        note(probed.shape)
        guard let example = probed.example else {
            let text = "no placeholder for \(type); conform it to OptionValue or make its cases iterable"
            throw DecodingError.dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: text))
        }
        return example
    }
}

extension ProbeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Self.placeholder(type, depth: recorder.depth, note: recorder.noteSingle)
    }
}

private struct ProbeKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let recorder: Recorder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    /// Whoever asks can do without.
    func contains(_ key: Key) -> Bool {
        recorder.noteOptional(key.stringValue)
        return true
    }

    func decodeNil(forKey key: Key) -> Bool {
        recorder.noteOptional(key.stringValue)
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try ProbeDecoder.placeholder(type, depth: recorder.depth) { recorder.note(key.stringValue, $0) }
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        recorder.noteOptional(key.stringValue)
        recorder.note(key.stringValue, try ShapeProbe.probe(type, depth: recorder.depth + 1).shape)
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedDecodingContainer<Nested> {
        recorder.note(key.stringValue, .dictionary(.anything))
        return ProbeDecoder(recorder: Recorder(depth: recorder.depth + 1)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
        recorder.note(key.stringValue, .list(.anything, atLeast: 0))
        return ProbeUnkeyedContainer()
    }

    func superDecoder() -> any Decoder { ProbeDecoder(recorder: recorder) }

    func superDecoder(forKey key: Key) -> any Decoder {
        recorder.note(key.stringValue, .anything)
        return ProbeDecoder(recorder: Recorder(depth: recorder.depth + 1))
    }
}

/// An empty array.
private struct ProbeUnkeyedContainer: UnkeyedDecodingContainer {
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 0 }
    var isAtEnd: Bool { true }
    var currentIndex: Int { 0 }

    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { throw end }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        throw end
    }

    func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw end }

    func superDecoder() throws -> any Decoder { throw end }

    private var end: DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: "the placeholder array is empty"))
    }
}
