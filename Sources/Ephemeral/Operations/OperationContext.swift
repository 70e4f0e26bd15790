/// A body's handle on the operation it runs: its identity, and the signals it raises.
///
/// A context may outlive its body; it works as long as the operation is visible in its coordinator.
public struct OperationContext: SignalEmitter {
    /// The identity that `enqueue` returned.
    public let id: OperationID
    private let host: any OperationHost
    private let slot: Int
    private let tag: (any OperationTag)?

    @usableFromInline
    init(id: OperationID, host: any OperationHost, slot: Int, tag: (any OperationTag)? = nil) {
        self.id = id
        self.host = host
        self.slot = slot
        self.tag = tag
    }

    /// The identity that `enqueue` returned: another word for ``id``.
    public var operationID: OperationID { id }

    /// The key that the operation is ordered by, as text; `nil` where coordinators have no keys.
    public var key: String? { tag?.keyText }

    /// Raises a signal for this operation; it is mirrored in the coordinator's sink.
    ///
    /// **Ordering**: signals of one operation keep the order in which they were emitted.
    ///
    /// - Parameter signal: The signal's name.
    /// - Returns: Whether it was raised; `false` once the operation has left the coordinator.
    @discardableResult
    public func emit(_ signal: String) -> Bool {
        host.emit(signal, by: id, slot: slot, key: key, cause: nil)
    }

    /// Raises a signal for this operation because of others, if the constraints of the options allow it.
    ///
    /// A signal that they forbid is stored nowhere; only ``SignalConstraints/onBlocked`` is told.
    ///
    /// - Parameters:
    ///   - signal: The signal's name.
    ///   - cause: The path of the signal that leads to it.
    /// - Returns: Whether it was raised; `false` when it is forbidden, and once the operation has left the coordinator.
    @discardableResult
    public func emitCaused(_ signal: String, by cause: SignalPropagation) -> Bool {
        host.emit(signal, by: id, slot: slot, key: key, cause: cause)
    }

    /// Keeps what the body is about to return.
    @usableFromInline
    func keep(_ value: any ResultValue) { (tag as? ResultCell)?.keep(value) }

    /// Takes back all signals of exactly this name that the operation has raised.
    ///
    /// - Returns: Whether there were any.
    @discardableResult
    public func retract(_ signal: String) -> Bool {
        host.retract(.exactly(signal), by: id, slot: slot, isPattern: false) > 0
    }

    /// Takes back all signals of the operation whose name matches.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func retract(matching pattern: SignalPattern) -> Int {
        host.retract(pattern, by: id, slot: slot, isPattern: true)
    }

    /// Whether the operation has raised a signal of this name and not taken it back.
    public func hasSignal(_ signal: String) -> Bool {
        host.events(of: id, slot: slot).contains { $0.is(signal) }
    }
}

/// The part of a coordinator that contexts talk to.
@usableFromInline
protocol OperationHost: AnyObject, Sendable {
    /// Raises a signal of an operation, because of the signals in `cause` if there are any.
    func emit(_ signal: String, by id: OperationID, slot: Int, key: String?, cause: SignalPropagation?) -> Bool
    func retract(_ pattern: SignalPattern, by id: OperationID, slot: Int, isPattern: Bool) -> Int
    func events(of id: OperationID, slot: Int) -> [SignalEvent]
}
