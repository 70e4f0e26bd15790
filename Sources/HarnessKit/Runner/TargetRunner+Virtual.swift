internal import EphemeralTime
internal import Synchronization

extension TargetRunner {
    /// Runs the target in virtual time, where the same seed gives the same run.
    ///
    /// Whatever leaves virtual time spoils the run, which is then invalid and says who did it.
    func runVirtually() async -> FinishedRun {
        let time = VirtualTime(seed: plan.scenario.seed)
        let watch = EscapeWatch(patience: virtualLimits.idleTimeout, tolerance: limits.blocking)
        var course = makeCourse(on: .virtual(time))
        course.watch = watch
        // The run's outcome is wanted also when something left virtual time.
        let outcome = Mutex<Result<RunSession.Outcome, any Error>?>(nil)
        var objections: [String] = []
        do {
            try await time.run(limits: virtualLimits) { [course] in
                watch.begin()
                let result = await perform(course)
                watch.end()
                outcome.withLock { $0 = result }
            }
        } catch {
            watch.abandon()
            objections.append("\(error)")
        }
        let report = time.report
        var finished = outcome.withLock(\.self).map { finish(course, $0) } ?? failed(nil)
        // Whoever interrupts a run does so from outside.
        if !interruption.isFired { finished.invalidate(watch.objections + objections) }
        finished.recordVirtualRun(report)
        // By now nothing is ready any more: what sleeps will never be woken, and what runs waits for something else.
        finished.leftovers?.bodies = course.recorder.concurrency.current
        finished.leftovers?.sleepers = report.sleeperCount
        return finished
    }
}
