/// A result that is set side by side with others.
public struct ComparedResult: Sendable {
    /// What the reader knows it by: the path that was named.
    public var label: String
    /// The result.
    public var result: RunResult
    /// The scenario as it was resolved; `nil` where only the result is known.
    public var scenario: JSONValue?

    /// Creates a result to be compared.
    public init(label: String, result: RunResult, scenario: JSONValue? = nil) {
        self.label = label
        self.result = result
        self.scenario = scenario
    }

    /// What a run of the result says for a key.
    ///
    /// - Parameters:
    ///   - key: `result`, `scenario`, `revision`, `target`, `use`, `clock`, `phase`, `seed`, `options.<name>`,
    ///     `environment.<name>`, or a path into the scenario as `--set` takes it (`load.phases.main.rate`).
    ///   - run: The run.
    ///   - phase: The phase whose figures are compared; `nil` for all measured ones.
    /// - Returns: The value as text; `nil` where there is none.
    func value(of key: String, run: TargetRun, phase: String?) -> String? {
        switch key {
        case "result": return label
        case "scenario": return result.scenario.name
        case "revision": return result.environment.revision ?? "unknown"
        case "target": return run.target
        case "use": return run.use
        case "clock": return run.clock
        case "phase": return phase
        case "seed": return "\(run.seed)"
        default: break
        }
        if let name = key.removingPrefix("options.") { return run.options.value(at: name)?.shortText }
        if let name = key.removingPrefix("environment.") { return environmentValue(name) }
        return scenario?.value(at: key[...])?.shortText
    }

    private func environmentValue(_ name: Substring) -> String? {
        let environment = result.environment
        switch name {
        case "cpu": return environment.cpu
        case "cores": return "\(environment.cores)"
        case "kernel": return environment.kernel
        case "swift": return environment.swift
        case "build": return environment.build
        case "allocator": return environment.allocator
        default: return nil
        }
    }
}

extension JSONValue {
    /// The value at a path of keys, and of elements by their `id`, `name` or index; keys may contain dots.
    func value(at path: Substring) -> JSONValue? {
        guard !path.isEmpty else { return self }
        switch self {
        case .object(let object):
            return object.members.lazy.compactMap { path.rest(after: $0.name).flatMap($0.value.value) }.first
        case .array(let elements):
            return elements.enumerated().lazy.compactMap { index, element -> JSONValue? in
                let names = ["id", "name", "use"].compactMap { key -> String? in
                    if case .string(let text)? = element[key] { text } else { nil }
                }
                return (names + ["\(index)"]).lazy.compactMap { path.rest(after: $0).flatMap(element.value) }.first
            }.first
        default: return nil
        }
    }

    /// The value as a heading: strings without their quotes.
    var shortText: String {
        if case .string(let text) = self { text } else { canonicalText }
    }
}

extension Substring {
    /// What is left of a path behind a first step; `nil` when it begins with another.
    fileprivate func rest(after step: String) -> Substring? {
        if self == step { return self[endIndex...] }
        return hasPrefix(step + ".") ? dropFirst(step.count + 1) : nil
    }
}

extension String {
    fileprivate func removingPrefix(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
