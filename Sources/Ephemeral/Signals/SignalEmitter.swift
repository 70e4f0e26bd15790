/// Something that raises and takes back signals in the name of one operation.
///
/// Helpers that report what they do take one, rather than a coordinator's context, so that tests can give them another.
///
/// ```swift
/// func download(_ url: URL, reportingTo emitter: some SignalEmitter) async throws -> Data {
///     emitter.emit("stage.starting")
///     ...
/// }
/// ```
public protocol SignalEmitter: Sendable {
    /// The operation that signals are raised for.
    var operationID: OperationID { get }

    /// What the operation is about; `nil` when it has no key.
    var key: String? { get }

    /// Raises a signal that nothing led to.
    ///
    /// - Parameter signal: The signal's name.
    /// - Returns: Whether it was raised.
    @discardableResult
    func emit(_ signal: String) -> Bool

    /// Raises a signal because of others.
    ///
    /// - Parameters:
    ///   - signal: The signal's name.
    ///   - cause: The path of the signal that leads to it.
    /// - Returns: Whether it was raised; `false` when constraints forbid it.
    @discardableResult
    func emitCaused(_ signal: String, by cause: SignalPropagation) -> Bool

    /// Takes back all signals of exactly this name that the operation has raised.
    ///
    /// - Parameter signal: The signal's name.
    /// - Returns: Whether there were any.
    @discardableResult
    func retract(_ signal: String) -> Bool

    /// Takes back all signals of the operation whose name matches.
    ///
    /// - Parameter pattern: What names have to match.
    /// - Returns: How many there were.
    @discardableResult
    func retract(matching pattern: SignalPattern) -> Int

    /// Whether the operation has raised a signal of this name and not taken it back.
    ///
    /// - Parameter signal: The signal's name.
    /// - Returns: Whether there is one.
    func hasSignal(_ signal: String) -> Bool
}

extension SignalEmitter {
    /// Raises a signal that nothing led to: another word for ``emit(_:)``.
    ///
    /// - Parameter signal: The signal's name.
    /// - Returns: Whether it was raised.
    @discardableResult
    public func signal(_ signal: String) -> Bool { emit(signal) }

    /// Raises a signal because of another.
    ///
    /// - Parameters:
    ///   - signal: The signal's name.
    ///   - cause: The signal that leads to it.
    /// - Returns: Whether it was raised; `false` when constraints forbid it.
    @discardableResult
    public func emitCaused(_ signal: String, by cause: SignalEvent) -> Bool {
        emitCaused(signal, by: cause.path)
    }
}
