internal import Foundation
internal import HarnessKit

/// A folder of baselines.
struct BaselineStore {
    /// Where baselines are kept unless the user says otherwise.
    static let standardFolder = "Reports/baselines"

    let folder: String

    /// The file of a baseline.
    func path(of baseline: Baseline) -> String { "\(folder)/\(baseline.fileName)" }

    /// The files of the folder in the order of their names.
    var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
    }

    /// Reads a file.
    func read(_ path: String) throws(BaselineError) -> Baseline {
        let text: String
        do {
            text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        } catch {
            throw BaselineError("\(path) cannot be read: \(error.localizedDescription)")
        }
        return try Baseline.read(text, path: path)
    }

    /// The baseline that runs of a scenario are to be held against.
    ///
    /// - Parameters:
    ///   - name: The scenario's name.
    ///   - environment: The machine and build of the runs.
    /// - Returns: The scenario's baseline of this machine and build.
    /// - Throws: ``BaselineError`` when there is none, or only of other machines, or the file cannot be used.
    func baseline(of name: String, environment: EnvironmentInfo) throws(BaselineError) -> Baseline {
        let own = "\(folder)/\(Baseline.fileName(scenario: name, environment: environment))"
        guard !FileManager.default.fileExists(atPath: own) else {
            let baseline = try read(own)
            do throws(BaselineError) {
                try baseline.check(scenario: name, environment: environment)
            } catch {
                throw BaselineError("\(own): \(error)")
            }
            return baseline
        }
        for file in files {
            guard let other = try? read(file), other.scenario == name else { continue }
            throw BaselineError(
                "\(file) is of another machine or build than this one: "
                    + other.environment.differences(from: environment, names: ("the baseline", "this run"))
                    .joined(separator: "; ") + "; save one here with 'harness baseline save'"
            )
        }
        throw BaselineError(
            "\(folder) holds no baseline of '\(name)'; make one with 'harness baseline save <run folder>'"
        )
    }

    /// The baseline of a scenario that is about to be run, if what is planned can be held against it.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - plan: Its plan.
    ///   - environment: The machine and build.
    /// - Returns: The baseline.
    /// - Throws: ``BaselineError`` naming the file and the mend.
    func baseline(
        for scenario: Scenario,
        plan: Plan,
        environment: EnvironmentInfo
    ) throws(BaselineError) -> Baseline {
        let baseline = try baseline(of: scenario.name, environment: environment)
        do throws(BaselineError) {
            for target in scenario.targets { try baseline.check(planDigest: plan.digest, target: target.id) }
        } catch {
            throw BaselineError("\(path(of: baseline)): \(error)")
        }
        return baseline
    }

    /// Writes a baseline, over a former one if need be.
    func write(_ baseline: Baseline) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try RunFolder.replace(file: path(of: baseline), text: baseline.text)
    }
}
