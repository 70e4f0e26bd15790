/// The processors of a program, by name: closures cannot be stored, names can.
///
/// ```swift
/// var processors = ProcessorRegistry()
/// try processors.register("mail.send") { (mail: Mail, context) in try await mailer.send(mail) }
/// ```
public struct ProcessorRegistry: Sendable {
    /// What runs a stored payload.
    typealias Run = @Sendable (_ payload: [UInt8], _ context: ProcessingContext) async throws -> any Sendable

    private var processors: [String: Run] = [:]

    /// Creates an empty registry.
    public init() {}

    /// The names of all processors, in order.
    public var names: [String] { processors.keys.sorted() }

    /// Adds a processor.
    ///
    /// A processor may run more than once for the same job, and for a moment at the same time as another run of it whose
    /// lease was lost: give ``ProcessingContext/operationID`` to whatever it changes, as an idempotency key.
    ///
    /// **Cancellation**: its task is cancelled when the lease is lost and when a worker's grace has run out; a processor that
    /// gives in loses no attempt.
    ///
    /// - Parameters:
    ///   - name: The name that jobs and backups carry.
    ///   - processor: What is done with an entity. A ``UserError`` ends it for good, any other error may be tried again.
    /// - Throws: ``ProcessingError`` with code `invalidArgument` when the name is empty or taken.
    public mutating func register<Entity: Decodable & Sendable, Output: Sendable>(
        _ name: String,
        _ processor: @escaping @Sendable (_ entity: Entity, _ context: ProcessingContext) async throws -> Output
    ) throws {
        guard !name.isEmpty else {
            throw ProcessingError(code: .invalidArgument, message: "a processor has an empty name; give it one")
        }
        guard processors[name] == nil else {
            throw ProcessingError(
                code: .invalidArgument,
                message: "there are two processors named '\(name)'; give one of them another name"
            )
        }
        processors[name] = { payload, context in
            let entity = try PayloadCoding.decode(Entity.self, from: payload, for: name)
            return try await processor(entity, context)
        }
    }

    /// Runs a processor on a stored payload.
    func run(_ name: String, payload: [UInt8], context: ProcessingContext) async throws -> any Sendable {
        guard let processor = processors[name] else { throw unknown(name) }
        return try await processor(payload, context)
    }

    /// Whether there is a processor of the name.
    public func contains(_ name: String) -> Bool { processors[name] != nil }

    func unknown(_ name: String) -> ProcessingError {
        let known = names.isEmpty ? "none is" : "registered are " + names.joined(separator: ", ")
        return ProcessingError(
            code: .unknownProcessor,
            message: "no processor is registered under '\(name)' (\(known)); register it before work on it begins"
        )
    }
}

/// What a processor knows about the run that it is.
public struct ProcessingContext: Sendable, Hashable {
    /// The identity of the job or critical operation, the same in every run: the idempotency key for what it changes.
    public let operationID: String
    /// Which attempt this is, beginning with 1.
    public let attempt: Int
    /// The queue of the job; `nil` for critical operations.
    public let queue: String?
    /// The words given with the job or operation.
    public let tags: [String]
}
