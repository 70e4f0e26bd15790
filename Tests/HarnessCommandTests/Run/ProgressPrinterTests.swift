import HarnessKit
import Synchronization
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct ProgressPrinterTests {
    private let run = RunIdentity(scenario: "burst", target: "queue", repetition: 1, repetitions: 3)

    private var progress: RunProgress {
        var tally = Tally()
        tally.offered = 120
        tally.accepted = 110
        tally.completed = 90
        tally.failed = 5
        return RunProgress(run: run, phase: "hold", elapsed: 2.04, expected: 17, tally: tally)
    }

    @Test
    func progressIsOneLineOfPhaseTimeAndCounts() {
        #expect(
            ProgressPrinter.text(of: progress)
                == "hold  2.0/17.0 s  offered 120  completed 90  failed 5  in flight 15"
        )
    }

    @Test
    func livePrinterWritesOneLineOverAndOverAndClearsIt() {
        let printed = Mutex("")
        let terminal = Terminal(output: { _ in }, error: { text in printed.withLock { $0 += text } })
        let printer = ProgressPrinter(terminal: terminal, isLive: true)
        printer.runStarted(run)
        printer.progressed(progress)
        printer.progressed(progress)
        printer.warned("the disk is slow")
        let text = printed.withLock(\.self)
        #expect(!text.prefix { $0 != "w" }.contains("\n"))
        #expect(text.contains("queue #2"))
        #expect(text.hasSuffix("\r\u{1B}[Kwarning: the disk is slow\n"))
    }

    @Test
    func plainPrinterKeepsProgressToItself() {
        let printed = Mutex("")
        let terminal = Terminal(output: { _ in }, error: { text in printed.withLock { $0 += text } })
        let printer = ProgressPrinter(terminal: terminal, isLive: false)
        printer.progressed(progress)
        #expect(printed.withLock(\.self) == "")
    }
}
