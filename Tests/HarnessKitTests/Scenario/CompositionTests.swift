import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CompositionTests {
    /// Composes a text with files that it may name.
    private static func compose(
        _ text: String,
        files: [String: String] = [:]
    ) throws -> (plain: JSONValue, whole: LocatedValue, problems: [String]) {
        let source = SourceText(path: "dir/main.json", bytes: Array(text.utf8))
        let tree = try #require(JSONReader.read(source).value)
        var composition = Composition { path in
            guard let text = files[path] else {
                return .failure(ScenarioProblem(file: path, message: "there is no such file; check the path"))
            }
            return .success(SourceText(path: path, bytes: Array(text.utf8)))
        }
        let whole = composition.compose(tree, source)
        return (whole.plain, whole, composition.problems.map(\.description))
    }

    @Test func objectsAreMergedAndTheFileGoesFirst() throws {
        let result = try Self.compose(
            #"{ "extends": "base.json", "seed": 2, "work": { "as": "cpu" } }"#,
            files: [
                "dir/base.json":
                    #"{ "name": "base", "seed": 1, "record": "counts", "work": { "time": "1ms", "as": "none" } }"#
            ]
        )
        #expect(result.problems == [])
        #expect(result.plain.canonicalText == #"{"record":"counts","seed":2,"work":{"as":"cpu","time":"1ms"}}"#)
    }

    @Test func elementsWithTheSameNameAreMerged() throws {
        let result = try Self.compose(
            #"{ "extends": "base.json", "targets": [{ "id": "b", "use": "y" }, { "id": "c", "use": "z" }] }"#,
            files: [
                "dir/base.json":
                    #"{ "targets": [{ "id": "a", "use": "x" }, { "id": "b", "use": "x", "options": {} }] }"#
            ]
        )
        #expect(
            result.plain.canonicalText
                == #"{"targets":[{"id":"a","use":"x"},{"id":"b","options":{},"use":"y"},{"id":"c","use":"z"}]}"#
        )
    }

    @Test func expectationsOfOneConditionStayApart() throws {
        let result = try Self.compose(
            #"{ "extends": "base.json", "expect": [{ "that": "a > 1", "phase": "x" }, { "that": "a > 1", "phase": "y" }] }"#,
            files: [
                "dir/base.json":
                    #"{ "expect": [{ "that": "a > 1" }, { "that": "a > 1", "phase": "y", "level": "warn" }] }"#
            ]
        )
        #expect(
            result.plain.canonicalText
                == #"{"expect":[{"that":"a > 1"},{"level":"warn","phase":"y","that":"a > 1"},{"phase":"x","that":"a > 1"}]}"#
        )
    }

    @Test func twoOfOneNameInAFileAreTwo() throws {
        let result = try Self.compose(
            #"{ "extends": "base.json", "invariants": [{ "use": "a", "max": 1 }, { "use": "a", "max": 2 }] }"#,
            files: ["dir/base.json": #"{ "invariants": ["b", "a"] }"#]
        )
        #expect(result.plain.canonicalText == #"{"invariants":["b",{"max":1,"use":"a"},{"max":2,"use":"a"}]}"#)
    }

    @Test func otherListsAreReplacedAndNullRemoves() throws {
        let result = try Self.compose(
            #"{ "extends": "base.json", "clock": ["virtual"], "work": null }"#,
            files: ["dir/base.json": #"{ "clock": ["real", "virtual"], "work": { "as": "none" } }"#]
        )
        #expect(result.plain.canonicalText == #"{"clock":["virtual"]}"#)
    }

    @Test func fragmentsAddTheirPartsInOrder() throws {
        let result = try Self.compose(
            #"{ "include": ["f/one.json", "f/two.json"], "invariants": ["own", { "use": "a", "max": 3 }] }"#,
            files: [
                "dir/f/one.json": #"{ "invariants": ["a"], "seed": 1 }"#,
                "dir/f/two.json": #"{ "invariants": ["b"], "seed": 2 }"#,
            ]
        )
        #expect(result.plain.canonicalText == #"{"invariants":[{"max":3,"use":"a"},"b","own"],"seed":2}"#)
    }

    @Test func filesMayNameFurtherFilesRelativeToThemselves() throws {
        let result = try Self.compose(
            #"{ "extends": "sub/middle.json" }"#,
            files: [
                "dir/sub/middle.json": #"{ "extends": "../base.json", "seed": 2 }"#,
                "dir/sub/../base.json": #"{ "seed": 1, "record": "counts" }"#,
            ]
        )
        #expect(result.problems == [])
        #expect(result.plain.canonicalText == #"{"record":"counts","seed":2}"#)
    }

    @Test func circlesAreNamed() throws {
        let result = try Self.compose(
            #"{ "extends": "main.json" }"#,
            files: ["dir/main.json": "{}"]
        )
        #expect(
            result.problems == [#"dir/main.json:1:14: /extends: "main.json" is a part of itself; break the circle"#]
        )
    }

    @Test(arguments: [
        (#"{ "extends": "none.json" }"#, #"/extends: "none.json": there is no such file; check the path"#),
        (#"{ "extends": 3 }"#, "/extends: expected the path of a file, found the number 3"),
        (#"{ "include": "a.json" }"#, "/include: expected an array, found a string"),
        (#"{ "include": ["list.json"] }"#, #"/include/0: "list.json" holds an array, and a scenario is an object"#),
        (#"{ "include": ["broken.json"] }"#, "dir/broken.json:1:"),
    ])
    func mistakesAreNamed(text: String, message: String) throws {
        let result = try Self.compose(text, files: ["dir/list.json": "[]", "dir/broken.json": "{"])
        #expect(result.problems.count == 1)
        #expect(result.problems.first?.contains(message) == true, "\(result.problems)")
    }

    @Test func valuesSayWhichFileTheyAreOf() throws {
        let result = try Self.compose(
            #"{ "include": ["one.json"] }"#,
            files: ["dir/one.json": "{\n  \"seed\": 1 }"]
        )
        guard case .object(let members) = result.whole.content else { return }
        #expect(members.first?.value.origin == .part("dir/one.json:2"))
        #expect(result.whole.explanation.contains("from dir/one.json:2"))
    }
}
