internal import Foundation
internal import HarnessKit
internal import HarnessReports

/// Reads results of earlier runs.
enum ResultReading {
    /// Reads a run folder, a `result.json`, or the latest run in a scenario's folder.
    ///
    /// - Parameter path: What the user named.
    /// - Returns: The result, with the resolved scenario where it lies beside it.
    /// - Throws: ``ComparisonError`` naming the path and the mend.
    static func read(_ path: String) throws -> ComparedResult {
        let file = try resultFile(path)
        let text: String
        do {
            text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
        } catch {
            throw ComparisonError("\(file) cannot be read: \(error.localizedDescription)")
        }
        let result: RunResult
        do {
            result = try JSONReport.read(text)
        } catch {
            throw ComparisonError("\(file) is no result of this version, or only a part of one; run the scenario again")
        }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        let resolved = try? Data(contentsOf: folder.appending(path: "scenario.resolved.json"))
        let scenario = resolved.flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) }
        return ComparedResult(label: path, result: result, scenario: scenario)
    }

    private static func resultFile(_ path: String) throws -> String {
        let files = FileManager.default
        var isFolder = false
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ComparisonError("\(path): there is no such file or folder; name a run folder or its result.json")
        }
        guard isFolder else { return path }
        let own = "\(path)/result.json"
        if files.fileExists(atPath: own) { return own }
        let names = ((try? files.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
        guard let latest = names.last(where: { files.fileExists(atPath: "\(path)/\($0)/result.json") }) else {
            throw ComparisonError("\(path) holds no result.json; name a run folder, as 'harness run' leaves it")
        }
        return "\(path)/\(latest)/result.json"
    }
}

extension FileManager {
    fileprivate func fileExists(atPath path: String, isDirectory: inout Bool) -> Bool {
        var flag: ObjCBool = false
        // The flag outlives the call.
        let exists = unsafe fileExists(atPath: path, isDirectory: &flag)
        isDirectory = flag.boolValue
        return exists
    }
}
