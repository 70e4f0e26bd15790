internal import EphemeralTime

/// What the asynchronous handlers of a coordinator are told of: both kinds share their workers and their queue, so that a
/// retraction never begins before the signal that it takes back.
enum SignalNotice: Sendable {
    case raised(SignalEvent)
    case retracted(SignalRetractedEvent)
}

extension EphemeralOptions.SignalOptions {
    /// Who runs the asynchronous handlers; `nil` when there are none.
    func notices(time: FastTimeSource, spawner: TaskSpawner) -> HandlerPool<SignalNotice>? {
        guard onSignalAsync != nil || onSignalRetractedAsync != nil else { return nil }
        return HandlerPool(
            maxConcurrency: maxConcurrentSignalHandlers,
            maxQueueSize: maxQueuedSignals,
            time: time,
            spawner: spawner
        ) { [onSignalAsync, onSignalRetractedAsync] notice in
            switch notice {
            case .raised(let event): try await onSignalAsync?(event)
            case .retracted(let event): try await onSignalRetractedAsync?(event)
            }
        }
    }
}

extension EngineBase {
    /// Tells the sink and the handlers of the options of a signal.
    ///
    /// Call outside all locks.
    func report(_ event: SignalEvent) {
        let signals = options.signals
        signals.sink?.raise(event)
        signals.onSignal?(event)
        if signals.onSignalAsync != nil { _ = notices?.enqueue(.raised(event)) }
    }

    /// Tells the handlers of the options of a retraction.
    ///
    /// Call outside all locks.
    func report(_ event: SignalRetractedEvent) {
        let signals = options.signals
        signals.onSignalRetracted?(event)
        if signals.onSignalRetractedAsync != nil { _ = notices?.enqueue(.retracted(event)) }
    }

    /// Waits a limited time for the asynchronous handlers.
    func endNotices() async { _ = await notices?.shutdown(drain: true, timeout: .seconds(5)) }
}

extension ControlledCoordinator {
    /// What has become of the signals for the background handlers of the options, in one consistent reading.
    public var signalHandlerStats: SignalHandlerStats { control.engine.base.notices?.stats ?? SignalHandlerStats() }
}
