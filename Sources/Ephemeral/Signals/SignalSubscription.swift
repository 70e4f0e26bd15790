/// A standing request to be told of signals; it ends when it is cancelled or released.
public final class SignalSubscription: Sendable {
    private let end: @Sendable () -> Void

    init(end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit { cancel() }

    /// Ends the subscription: no further call of the handler begins.
    ///
    /// Calling it again does nothing.
    public func cancel() {
        end()
    }
}
