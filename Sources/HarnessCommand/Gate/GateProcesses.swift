internal import HarnessKit

/// What came of asking both builds for the same run.
struct GateRuns {
    var base: ExactRecord?
    var head: ExactRecord?
    /// Why a run is missing.
    var failures: [GateFailure] = []

    /// Both runs, where there are both.
    var both: ExactComparison.Runs? {
        guard let base, let head else { return nil }
        return ExactComparison.Runs(base: base, head: head)
    }

    /// A row for each failure; where the former build fails as well, that of the new one is nothing new.
    func failureRows(of subject: GateSubject) -> [RegressionRow] {
        let isBaseBroken = failures.contains { $0.side == .base }
        return failures.map { failure in
            let row = failure.row(of: subject)
            return isBaseBroken ? row.leftOpen("the base build fails as well") : row
        }
    }
}

/// Both builds' processes, which are started anew when one of them has failed.
struct GateProcesses {
    private let session: GateSession
    private var duo: GateSession.Duo?
    /// Why they cannot be started again.
    private var obstacle: GateFailure?

    init(session: GateSession, duo: GateSession.Duo? = nil) {
        self.session = session
        self.duo = duo
    }

    /// Has both builds run a subject; a build runs it even if the other one could not.
    mutating func runs(of subject: GateSubject, on clock: RunClock, isHeadFirst: Bool = false) async -> GateRuns {
        var runs = GateRuns()
        let duo: GateSession.Duo
        do throws(GateFailure) {
            duo = try await ready()
        } catch {
            runs.failures = [error]
            return runs
        }
        guard let pair = duo.matching.pairs.first(where: { $0.subject.name == subject.name }) else {
            let isLost = duo.matching.lost.contains { $0.isOf(subject) }
            runs.failures = [
                GateFailure(side: isLost ? .head : .base, reason: "does not have the target when it is started again")
            ]
            return runs
        }
        // A run in virtual time hardly ever takes longer than the same one in real time.
        let seconds = pair.subject.plannedSeconds ?? 0
        for side in isHeadFirst ? [GateSide.head, .base] : [.base, .head] {
            do throws(GateFailure) {
                switch side {
                case .base:
                    let request = GateRequest(subject: pair.base, clock: clock, tellsTrials: true)
                    runs.base = try await duo.base.run(request, seconds: seconds)
                case .head:
                    let request = GateRequest(subject: pair.head, clock: clock, tellsTrials: true)
                    runs.head = try await duo.head.run(request, seconds: seconds)
                }
            } catch {
                runs.failures.append(error)
            }
        }
        if !runs.failures.isEmpty { end() }
        return runs
    }

    /// Ends the processes that run.
    mutating func end() {
        duo?.end()
        duo = nil
    }

    private mutating func ready() async throws(GateFailure) -> GateSession.Duo {
        if let duo { return duo }
        if let obstacle { throw obstacle }
        do throws(GateError) {
            let opening = try await session.start()
            guard let failure = opening.failures.first else {
                let fresh = try opening.duo(session)
                duo = fresh
                return fresh
            }
            obstacle = failure
            throw GateError(failure.reason, side: failure.side)
        } catch {
            let failure = obstacle ?? GateFailure(side: error.side ?? .base, reason: "cannot go on: \(error)")
            obstacle = failure
            throw failure
        }
    }
}
