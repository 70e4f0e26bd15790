import HarnessKit

/// What a job of a run carries.
struct OperationPayload: Codable, Sendable {
    var index: Int
    var key: Int
    var lane: Int
    /// The socket of the process that has the body; `nil` when it is this one.
    var host: String?

    init(_ operation: Operation, host: String?) {
        (index, key, lane) = (operation.index, operation.key, operation.lane)
        self.host = host
    }

    var operation: Operation { Operation(index: index, key: key, lane: lane) }

    /// The name of the processor.
    static let processor = "harness.operation"
}
