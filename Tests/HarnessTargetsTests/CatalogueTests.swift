import Foundation
import HarnessKit
import Testing

@testable import HarnessTargets

/// Whoever adds a coordinator, an atom or a pattern adds a target, and whoever adds a target adds a scenario.
@Suite(.timeLimit(.minutes(1))) struct CatalogueTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func contents(of path: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: path),
            includingPropertiesForKeys: [.isDirectoryKey]
        )
    }

    /// The folders of a module, each with one atom or pattern, as ids are written: `signaling-http` for `SignalingHTTP`.
    private static func folders(of module: String) throws -> [String] {
        try contents(of: "Sources/\(module)")
            .filter { $0.hasDirectoryPath && $0.pathExtension != "docc" && $0.lastPathComponent != "Support" }
            .map { kebab($0.lastPathComponent) }
            .sorted()
    }

    static func kebab(_ name: String) -> String {
        name.replacing(#/([a-z])([A-Z])/#) { "\($0.1)-\($0.2)" }.lowercased()
    }

    /// The public types of the core that operations or signals are brought to, as their declarations name them.
    private static func coreTypes() throws -> [String] {
        let declaration =
            #/public (?:final class|actor) (\w+Coordinator|SignalDispatcher|SignalSink|AsyncSignalProcessor)\b/#
        let files = try #require(
            FileManager.default.enumerator(
                at: root.appending(path: "Sources/Ephemeral"),
                includingPropertiesForKeys: nil
            )
        )
        var types: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: declaration) {
                types.insert(String(match.1))
            }
        }
        return types.sorted()
    }

    private static let ids = Set(BuiltInTargets.all.map { $0.id })

    @Test func everyAtomHasATargetAndAPage() throws {
        let atoms = try Self.folders(of: "EphemeralAtoms")
        try #require(atoms.count >= 6, "the folders of the module have moved")
        for atom in atoms {
            #expect(Self.ids.contains("atom.\(atom)"), "the atom \(atom) has no target")
            let page = Self.root.appending(path: "Sources/EphemeralAtoms/EphemeralAtoms.docc/\(atom).md")
            #expect(FileManager.default.fileExists(atPath: page.path), "the atom \(atom) has no page")
        }
    }

    @Test func everyPatternHasATargetAndAPage() throws {
        let patterns = try Self.folders(of: "EphemeralPatterns")
        try #require(patterns.count >= 14, "the folders of the module have moved")
        for pattern in patterns {
            #expect(Self.ids.contains("pattern.\(pattern)"), "the pattern \(pattern) has no target")
            let page = Self.root.appending(path: "Sources/EphemeralPatterns/EphemeralPatterns.docc/\(pattern).md")
            #expect(FileManager.default.fileExists(atPath: page.path), "the pattern \(pattern) has no page")
        }
    }

    @Test func everyCoordinatorAndSignalTypeIsTheSubjectOfATarget() throws {
        let types = try Self.coreTypes()
        try #require(types.count >= 8, "the declarations are written differently: \(types)")
        for type in types {
            let isCovered = BuiltInTargets.all.contains { $0.summary.hasPrefix("\(type):") }
            #expect(isCovered, "no target's summary begins with '\(type):'")
        }
    }

    @Test func everyTargetHasAScenario() throws {
        var used: Set<String> = []
        for folder in try Self.contents(of: "Scenarios") where folder.lastPathComponent != "schema" {
            for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            where file.pathExtension == "json" {
                for match in try String(contentsOf: file, encoding: .utf8).matches(of: #/"use": *"([^"]+)"/#) {
                    used.insert(String(match.1))
                }
            }
        }
        for target in BuiltInTargets.all { #expect(used.contains(target.id), "no scenario uses '\(target.id)'") }
    }

    @Test func namesOfFoldersBecomeIDs() {
        #expect(Self.kebab("SignalingHTTP") == "signaling-http")
        #expect(Self.kebab("KeyedPriorityFanOut") == "keyed-priority-fan-out")
    }
}
