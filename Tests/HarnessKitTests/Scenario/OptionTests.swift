import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct OptionTests {
    struct Probe: Codable {
        enum Mode: String, Codable, CaseIterable { case fast, safe }
        struct Part: Codable { var size: UInt8; var names: [String]? }

        var count: Int
        var ratio: Double?
        var isOn: Bool
        var label: String?
        var mode: Mode
        var pause: DurationText?
        var signals: SignalPatterns
        var part: Part
        var parts: [Part]
        var limits: [String: Int]
        var free: JSONValue?
    }

    @Test func shapeOfACodableTypeHasItsKeysTypesAndOptionality() throws {
        guard case .object(let shape) = try ShapeProbe.probe(Probe.self).shape else {
            Issue.record("no object")
            return
        }
        let part = ValueShape.object(
            ObjectShape(
                "an object",
                "",
                fields: [
                    ObjectShape.Field("size", .integer(0...255), "", isRequired: true),
                    ObjectShape.Field("names", .list(.text, atLeast: 0), ""),
                ]
            )
        )
        #expect(shape.isClosed)
        #expect(
            shape.fields == [
                ObjectShape.Field("count", .wholeNumber, "", isRequired: true),
                ObjectShape.Field("ratio", .number, ""),
                ObjectShape.Field("isOn", .boolean, "", isRequired: true),
                ObjectShape.Field("label", .text, ""),
                ObjectShape.Field("mode", .choice(["fast", "safe"]), "", isRequired: true),
                ObjectShape.Field("pause", .measure(.duration), ""),
                ObjectShape.Field("signals", .either([.text, .list(.text, atLeast: 0)]), "", isRequired: true),
                ObjectShape.Field("part", part, "", isRequired: true),
                ObjectShape.Field("parts", .list(part, atLeast: 0), "", isRequired: true),
                ObjectShape.Field("limits", .dictionary(.wholeNumber), "", isRequired: true),
                ObjectShape.Field("free", .anything, ""),
            ]
        )
    }

    /// A type that contains itself, which probing cannot follow to its end.
    struct Endless: Codable {
        var children: [Endless]
    }

    @Test func recursiveTypesEndTheProbing() {
        #expect(throws: Never.self) { _ = try? ShapeProbe.probe(Endless.self) }
    }

    enum Picky: String, Codable { case only }
    struct PickyOptions: Codable { var picky: Picky; var rest: Int }

    @Test func typeThatRefusesPlaceholdersLeavesItsObjectOpen() throws {
        guard case .object(let shape) = try ShapeProbe.probe(PickyOptions.self).shape else {
            Issue.record("no object")
            return
        }
        #expect(!shape.isClosed)
    }

    @Test func shapeOfATargetHasDescriptionsAndDefaults() throws {
        let field = try #require(OptionShapes.shape(of: FakeQueue.self).fields.first)
        #expect(field.name == "maxConcurrency")
        #expect(field.summary == "how many run at once")
        #expect(field.defaultValue == .integer(8))
        #expect(!field.isRequired)
    }

    @Test func valuesAreDecodedFromJSON() throws {
        let value: JSONValue = [
            "maxConcurrency": .integer(3), "order": "lifo", "timeout": "2s", "deferOn": "a.*",
            "backoff": ["base": "5ms", "factor": .integer(2)],
        ]
        let options = try value.decode(as: FakeQueue.Options.self)
        #expect(options.maxConcurrency == 3)
        #expect(options.order == .lifo)
        #expect(options.timeout == DurationText(.seconds(2)))
        #expect(options.deferOn == ["a.*"])
        #expect(options.backoff?.factor == 2)
    }

    @Test(arguments: [JSONValue.integer(256), .integer(-1), .number(1.5), "1", .null])
    func valuesThatDoNotFitNameTheirPath(_ size: JSONValue) {
        do {
            _ = try (["size": size] as JSONValue).decode(as: Probe.Part.self)
            Issue.record("decoded")
        } catch DecodingError.typeMismatch(_, let context) {
            #expect(context.codingPath.map(\.stringValue) == ["size"])
        } catch {
            Issue.record("\(error)")
        }
    }
}
