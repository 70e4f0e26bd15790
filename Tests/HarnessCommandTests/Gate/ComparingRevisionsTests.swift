import Foundation
import Testing

/// `scripts/ci-regression` in a small repository, with a compiler that makes harnesses which print what they were asked.
@Suite(.timeLimit(.minutes(1)))
struct ComparingRevisionsTests {
    @Test func theFirstWordThatIsNoOptionIsTheRevision() async throws {
        try await withRepository { repository in
            // A branch whose name looks like a scenario.
            try repository.git("branch", "Scenarios/base.json", "HEAD~1")
            let outcome = try repository.compare("--budget", "2m", "--quiet", "Scenarios/base.json", "--pairs=3")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.contains("gate --base"))
            #expect(outcome.output.contains("--budget 2m --quiet --pairs=3"))
            #expect(outcome.output.contains("gate/head/Scenarios/gate --out=\(repository.root.path)/Reports/gate"))
        }
    }

    @Test func scenariosAreThoseOfTheLastCommit() async throws {
        try await withRepository { repository in
            try Data("{}".utf8).write(to: repository.root.appending(path: "Scenarios/gate/new.json"))
            let known = try repository.compare("HEAD~1", "Scenarios/gate/one.json")
            #expect(known.output.contains("gate/head/Scenarios/gate/one.json"))
            #expect(known.error.contains("changes that are not committed are in neither build"))
            let new = try repository.compare("HEAD~1", "Scenarios/gate/new.json")
            #expect(new.status == 1)
            #expect(new.error.contains("is not in the last commit"))
        }
    }

    @Test func anyFolderWillDo() async throws {
        try await withRepository { repository in
            let inside = repository.root.appending(path: "Scenarios")
            let outcome = try repository.compare("HEAD~1", "gate/one.json", "--out", "mine", from: inside)
            #expect(outcome.output.contains("gate/head/Scenarios/gate/one.json"), "\(outcome.error)")
            #expect(outcome.output.contains("--out=\(inside.path)/mine"))
            let outside = try repository.compare("HEAD~1", from: URL(fileURLWithPath: "/"))
            #expect(outside.status == 0, "\(outside.error)")
        }
    }

    @Test func theWorkTreesAreRemovedAndTheBuildsKept() async throws {
        try await withRepository { repository in
            _ = try repository.compare("HEAD~1")
            let left = try FileManager.default.contentsOfDirectory(atPath: repository.root.path + "/.build/gate")
            #expect(Set(left) == ["base.build", "head.build"])
            let trees = try repository.git("worktree", "list").split(separator: "\n")
            #expect(trees.count == 1)
        }
    }

    @Test(arguments: [
        ("broken", "does not build"), ("ignorant", "does not know 'harness gate'"), ("nothing", "is no revision"),
    ])
    func aBaseThatCannotBeComparedIsNamed(base: String, message: String) async throws {
        try await withRepository { repository in
            let outcome = try repository.compare(base)
            #expect(outcome.status == 1)
            #expect(outcome.error.contains(message), "\(outcome.error)")
            let trees = try repository.git("worktree", "list").split(separator: "\n")
            #expect(trees.count == 1)
        }
    }

    @Test func theGatesExitCodeIsTheScripts() async throws {
        try await withRepository { repository in
            let outcome = try repository.compare("HEAD~1", "--fail-on", "regressed", "--set", "exit=5")
            #expect(outcome.status == 5)
        }
    }

    // A hook of git runs its commands with the repository of the hook in the environment.
    @Test func theRepositoryOfACallerIsNotUsed() {
        let own = ["GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere", "GIT_INDEX_FILE": "/nowhere", "HOME": "/home"]
        let environment = ScriptedRepository.environment(own, tools: "/tools")
        #expect(environment == ["HOME": "/home", "PATH": "/tools:/usr/bin:/bin"])
    }

    @Test func aHookOfAnotherRepositoryMayCallIt() async throws {
        try await withRepository { repository in
            let hook = ["GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere", "GIT_INDEX_FILE": "/nowhere"]
            let outcome = try repository.compare("HEAD~1", with: hook)
            #expect(outcome.status == 0, "\(outcome.error)")
        }
    }

    private func withRepository(_ body: (ScriptedRepository) async throws -> Void) async throws {
        try await withFolder { folder in
            // Temporary folders may be links, which git resolves.
            try await body(try ScriptedRepository(folder.resolvingSymlinksInPath()))
        }
    }
}

/// A repository of two commits, and branches whose harness does not build or does not know the gate.
private struct ScriptedRepository {
    struct Outcome {
        var status: Int32
        var output: String
        var error: String
    }

    let root: URL
    private let tools: URL

    init(_ folder: URL) throws {
        root = folder.appending(path: "repository")
        tools = folder.appending(path: "tools")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../scripts/ci-regression").standardizedFileURL
        for path in ["scripts", "Scenarios/gate"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: path),
                withIntermediateDirectories: true
            )
        }
        try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: script, to: root.appending(path: "scripts/ci-regression"))
        try Self.executable(Self.compiler, at: tools.appending(path: "swift"))
        try Data(".build/\n".utf8).write(to: root.appending(path: ".gitignore"))
        try git("init", "--quiet")
        try commit("works")
        try git("branch", "--quiet", "first")
        for kind in ["broken", "ignorant"] {
            try git("checkout", "--quiet", "-b", kind, "first")
            try commit(kind)
        }
        try git("checkout", "--quiet", "-b", "last", "first")
        try Data("{}".utf8).write(to: root.appending(path: "Scenarios/gate/one.json"))
        try commit("works")
    }

    /// A "compiler": what the tree's file `kind` says becomes of the harness.
    private static let compiler = """
        #!/bin/sh
        while [ $# -gt 0 ]; do
            case $1 in --package-path) tree=$2 ;; --scratch-path) scratch=$2 ;; esac
            shift
        done
        kind=$(cat "$tree/kind")
        [ "$kind" != broken ] || exit 1
        mkdir -p "$scratch/release"
        printf '#!/bin/sh\\n[ %s = works ] || exit 64\\necho "$@"\\n' "$kind" >"$scratch/release/harness"
        printf 'case "$*" in *exit=5*) exit 5;; esac\\n' >>"$scratch/release/harness"
        chmod +x "$scratch/release/harness"
        """

    private static func executable(_ text: String, at file: URL) throws {
        try Data((text + "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    private func commit(_ kind: String) throws {
        try Data("\(kind)\n".utf8).write(to: root.appending(path: "kind"))
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--message", kind)
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@localhost"]
        let outcome = try run("/usr/bin/env", ["git"] + identity + arguments, in: root)
        try #require(outcome.status == 0, "git \(arguments): \(outcome.error)")
        return outcome.output
    }

    func compare(
        _ arguments: String...,
        from folder: URL? = nil,
        with added: [String: String] = [:]
    ) throws -> Outcome {
        try run(root.appending(path: "scripts/ci-regression").path, arguments, in: folder ?? root, with: added)
    }

    /// The environment without what would send git or the script elsewhere.
    static func environment(_ own: [String: String], tools: String) -> [String: String] {
        var environment = own.filter { !$0.key.hasPrefix("GIT_") && $0.key != "EPHEMERAL_GATE_TREES" }
        environment["PATH"] = "\(tools):\(own["PATH"] ?? "/usr/bin:/bin")"
        return environment
    }

    private func run(
        _ executable: String,
        _ arguments: [String],
        in folder: URL,
        with added: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = Self.environment(ProcessInfo.processInfo.environment, tools: tools.path)
            .merging(added) { _, new in new }
        // Files, because nobody reads a pipe while the process runs.
        let files = ["output", "error"].map { tools.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(status: process.terminationStatus, output: texts[0], error: texts[1])
    }
}
