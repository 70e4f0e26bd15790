import HarnessKit
import Processing

/// How a body has ended, as one process tells another in a line.
enum BodyEnding: Equatable {
    case done
    case failed(String)
    case refused(String)
    case cancelled

    init(_ error: any Error) {
        switch error {
        case let error as UserError: self = .refused(error.userMessage)
        case let error as ScriptedError: self = .failed(error.name)
        case is CancellationError: self = .cancelled
        default: self = .failed("\(error)")
        }
    }

    init(line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 1)
        let name = parts.count == 2 ? String(parts[1]) : ""
        switch parts.first {
        case "done": self = .done
        case "failed": self = .failed(name)
        case "refused": self = .refused(name)
        default: self = .cancelled
        }
    }

    var line: String {
        switch self {
        case .done: "done"
        case .failed(let name): "failed \(name.filter { $0 != "\n" })"
        case .refused(let name): "refused \(name.filter { $0 != "\n" })"
        case .cancelled: "cancelled"
        }
    }

    func get() throws {
        switch self {
        case .done: return
        case .failed(let name): throw ScriptedError(name: name)
        case .refused(let name): throw UserError(name)
        case .cancelled: throw CancellationError()
        }
    }
}
