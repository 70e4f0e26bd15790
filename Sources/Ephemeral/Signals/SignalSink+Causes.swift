internal import EphemeralTime

extension SignalSink {
    /// Raises a signal because of another, if constraints allow it.
    ///
    /// - Parameters:
    ///   - signal: The signal's name.
    ///   - cause: The signal that leads to it.
    ///   - key: What it is about.
    ///   - constraints: What it is judged by.
    /// - Returns: Whether it was raised; one that is forbidden is stored nowhere, and only
    ///   ``SignalConstraints/onBlocked`` is told.
    @discardableResult
    public func raiseCaused(
        _ signal: String,
        by cause: SignalEvent,
        key: String? = nil,
        constraints: SignalConstraints = .default
    ) -> Bool {
        let path = cause.path
        let event = SignalEvent(
            signal: signal,
            operationID: .next(),
            key: key,
            time: time.now,
            wallOffset: wallOffset,
            propagation: path.extended(by: signal)
        )
        if let reason = constraints.reasonToBlock(signal, causedBy: path) {
            constraints.onBlocked?(event, reason)
            return false
        }
        raise(event)
        return true
    }
}
