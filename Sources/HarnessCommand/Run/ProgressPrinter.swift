internal import ArgumentParser
internal import HarnessKit
internal import Synchronization

/// How progress is shown.
enum ProgressChoice: String, ExpressibleByArgument, CaseIterable {
    /// One updating line on a terminal, plain lines elsewhere.
    case auto
    case plain
    case none

    /// Who shows it.
    func observer(on terminal: Terminal) -> any RunObserver {
        switch self {
        case .none: SilentObserver()
        case .plain: ProgressPrinter(terminal: terminal, isLive: false)
        case .auto: ProgressPrinter(terminal: terminal, isLive: StandardStream.error.isTerminal)
        }
    }
}

/// Prints progress to standard error, so that reports on standard output stay clean.
final class ProgressPrinter: RunObserver {
    private let terminal: Terminal
    private let isLive: Bool
    private let state = Mutex(State())

    private struct State {
        var turn = 0
        var turns = 0
        var lineIsOpen = false
    }

    /// Creates a printer.
    ///
    /// - Parameters:
    ///   - terminal: Where to print.
    ///   - isLive: Whether one line is written over and over.
    init(terminal: Terminal, isLive: Bool) {
        self.terminal = terminal
        self.isLive = isLive
    }

    func scenarioStarted(_ scenario: Scenario, runs: Int) {
        state.withLock { state in
            state.turn = 0
            state.turns = runs
        }
        terminal.error("\(scenario.name): \(scenario.summary)")
    }

    func runStarted(_ run: RunIdentity) {
        let label = state.withLock { state in
            state.turn += 1
            return "[\(state.turn)/\(state.turns)] \(Self.label(of: run))"
        }
        if !isLive { terminal.error("  \(label)") }
    }

    func progressed(_ progress: RunProgress) {
        guard isLive else { return }
        let label = state.withLock { state in
            state.lineIsOpen = true
            return "[\(state.turn)/\(state.turns)] \(Self.label(of: progress.run))"
        }
        terminal.writeError("\r\u{1B}[K  \(label)  \(Self.text(of: progress))")
    }

    func runFinished(_ run: RunIdentity, result: TargetRun) {
        clearLine()
        let counts = ["offered", "completed", "failed", "refused"].compactMap { name in
            result.total[name].map { "\(name) \(Int($0.value))" }
        }
        let verdict = result.validity.verdict == .pass ? "" : "  \(result.validity.verdict.rawValue)"
        terminal.error("  \(Self.label(of: run)): \(counts.joined(separator: ", "))\(verdict)")
    }

    func trialEnded(_ trial: CapacitySearch.Trial, target: String, of count: Int) {
        clearLine()
        let word = trial.isInvalid || trial.isUndecided ? "says nothing" : "breaks"
        let outcome = trial.holds ? "holds" : "\(word): \(trial.broken.first ?? "")"
        let rate = FixedDecimal.text(trial.rate, digits: 1)
        terminal.error("  \(target): trial \(trial.number) of at most \(count), \(rate)/s \(outcome)")
    }

    func seedTried(_ report: SeedReport, number: Int, of count: Int) {
        if report.verdict != .pass {
            clearLine()
            terminal.error("  \(report.target), seed \(report.seed): \(report.verdict.rawValue)")
        }
        if isLive {
            state.withLock { $0.lineIsOpen = true }
            terminal.writeError("\r\u{1B}[K  seeds: \(number)/\(count)")
        }
        guard number == count else { return }
        clearLine()
        terminal.error("  tried \(count) seeds")
    }

    func warned(_ message: String) {
        clearLine()
        terminal.error("warning: \(message)")
    }

    private func clearLine() {
        let wasOpen = state.withLock { state in
            defer { state.lineIsOpen = false }
            return state.lineIsOpen
        }
        if wasOpen { terminal.writeError("\r\u{1B}[K") }
    }

    static func label(of run: RunIdentity) -> String {
        if run.clock == .virtual { return "\(run.target), in virtual time" }
        return run.repetitions > 1 ? "\(run.target) #\(run.repetition + 1)" : run.target
    }

    /// One line on how far a run is.
    static func text(of progress: RunProgress) -> String {
        let tally = progress.tally
        return
            "\(progress.phase)  \(seconds(progress.elapsed))/\(seconds(progress.expected)) s  offered \(tally.offered)  "
            + "completed \(tally.completed)  failed \(tally.failed)  in flight \(progress.inFlight)"
    }

    private static func seconds(_ value: Double) -> String {
        let tenths = Int((max(0, value) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
