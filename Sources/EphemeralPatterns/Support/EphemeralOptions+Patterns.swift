internal import Ephemeral

extension EphemeralOptions {
    /// What patterns make of options that are given for everything they do not decide themselves.
    func limited(to maxConcurrency: Int, sink: SignalSink? = nil) -> EphemeralOptions {
        var options = self
        options.maxConcurrency = maxConcurrency
        if let sink { options.signals.sink = sink }
        return options
    }
}
