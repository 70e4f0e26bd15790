internal import Ephemeral

extension EphemeralOptions {
    /// What the short initialisers of atoms make of their parameters.
    init(atomLimit maxConcurrency: Int?, signals: SignalSink?) {
        self.init(maxConcurrency: maxConcurrency.flatMap { $0 > 0 ? $0 : nil })
        self.signals.sink = signals
    }
}

extension CoordinatorError {
    /// What everybody is told who brings something to an atom that takes nothing more.
    static func completed(_ atom: String) -> CoordinatorError {
        CoordinatorError(
            code: .completed,
            message: "the \(atom) takes no more input: it was finished, drained, cancelled or shut down"
        )
    }
}
