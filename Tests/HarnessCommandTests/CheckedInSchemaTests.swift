import Foundation
import HarnessKit
import HarnessTargets
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CheckedInSchemaTests {
    @Test func checkedInSchemaIsThatOfTheBuiltInPlugins() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "Scenarios/schema/scenario-1.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let registry = try PluginRegistry(targets: BuiltInTargets.all, invariants: BuiltInTargets.invariants)
        #expect(
            text == ScenarioSchema.make(registry: registry),
            "run: swift run harness schema > Scenarios/schema/scenario-1.json"
        )
    }
}
