private import FoundationEssentials

/// Entities as stored payloads: JSON.
enum PayloadCoding {
    static func encode(_ entity: some Encodable, for name: String) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        do {
            return Array(try encoder.encode(entity))
        } catch {
            throw ProcessingError(
                code: .malformedPayload,
                message: "the entity for '\(name)' cannot be encoded as JSON; nothing was stored",
                underlyingError: error
            )
        }
    }

    static func decode<Entity: Decodable>(_ type: Entity.Type, from payload: [UInt8], for name: String) throws -> Entity
    {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(type, from: Data(payload))
        } catch {
            throw MalformedPayload(
                error: ProcessingError(
                    code: .malformedPayload,
                    message: "the payload for '\(name)' is no JSON of a \(type)",
                    underlyingError: error
                )
            )
        }
    }
}

/// A payload that its processor cannot read, told apart from errors that the processor itself throws.
struct MalformedPayload: Error {
    let error: ProcessingError
}
