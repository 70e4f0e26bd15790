/// What is known of an operation that has a result.
public struct ResultSnapshot<Output: Sendable>: Sendable, Identifiable {
    /// The operation without its result.
    public let operation: OperationSnapshot
    /// What the body returned; `nil` unless it did.
    public let output: Output?

    /// The identity that `enqueue` returned.
    public var id: OperationID { operation.id }

    /// Whether the body returned; also when what it returned is itself a `nil`.
    public var hasResult: Bool { output != nil }

    @usableFromInline
    init(_ record: OperationRecord, output: Output?, wallOffset: Duration) {
        operation = record.snapshot(wallOffset: wallOffset)
        self.output = output
    }

    init(_ record: OperationRecord, wallOffset: Duration) {
        self.init(record, output: record.output(as: Output.self), wallOffset: wallOffset)
    }

    /// What the body returned.
    ///
    /// - Returns: The result.
    /// - Throws: What the body threw, or ``CoordinatorError`` with code `operationCancelled`.
    public func get() throws -> Output {
        if let output { return output }
        if let error = operation.error { throw error }
        throw CoordinatorError(code: .operationCancelled, message: "operation \(id) was cancelled and has no result")
    }
}
