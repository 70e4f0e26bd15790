import Foundation

/// What can be wrong with a build, so that the gate must find it; chosen by `EPHEMERAL_PLANTED_DEFECT`.
enum PlantedDefect: String, CaseIterable {
    /// An operation takes 5 % more CPU time.
    case slowdown
    /// An operation makes one more heap allocation.
    case allocation
    /// One operation of a thousand is taken and never run.
    case lostItem = "lost-item"

    /// The variable of the environment.
    static let variable = "EPHEMERAL_PLANTED_DEFECT"

    /// The defect of this process; `nil` where none is planted.
    ///
    /// - Throws: A sentence for a name that stands for none.
    static func chosen() throws -> PlantedDefect? {
        guard let name = ProcessInfo.processInfo.environment[variable], !name.isEmpty else { return nil }
        guard let defect = PlantedDefect(rawValue: name) else {
            throw UnknownDefect(name: name)
        }
        return defect
    }

    struct UnknownDefect: Error, CustomStringConvertible {
        var name: String
        var description: String {
            "\(variable) is '\(name)'; take \(allCases.map(\.rawValue).joined(separator: ", ")), or leave it empty"
        }
    }
}
