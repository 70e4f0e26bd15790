extension Scenario {
    /// The scenario with only those targets whose id matches a glob, and without the checks that no longer apply.
    ///
    /// - Parameter globs: Globs over target ids; an empty list keeps all.
    /// - Returns: The smaller scenario; `nil` when no target is left.
    public func keepingTargets(_ globs: [String]) -> Scenario? {
        guard !globs.isEmpty else { return self }
        var scenario = self
        scenario.targets = targets.filter { target in globs.contains { Glob($0).matches(target.id) } }
        guard !scenario.targets.isEmpty else { return nil }
        let ids = scenario.targets.map(\.id)
        scenario.expectations = expectations.filter { expectation in
            let subjects = ids.filter { Glob(expectation.target).matches($0) }
            guard let versus = expectation.versus else { return !subjects.isEmpty }
            return subjects.contains { subject in ids.contains { $0 != subject && Glob(versus).matches($0) } }
        }
        if let comparison, !ids.contains(comparison.baseline) { scenario.comparison = nil }
        return scenario
    }

    /// The scenario on one of its clocks, and without the checks that apply to others.
    ///
    /// - Parameter clock: The clock.
    /// - Returns: The smaller scenario; `nil` when it is not run on that clock.
    public func keepingClock(_ clock: RunClock) -> Scenario? {
        guard clocks.contains(clock) else { return nil }
        var scenario = self
        scenario.clocks = [clock]
        scenario.expectations = expectations.filter { $0.clock == nil || $0.clock == clock }
        return scenario
    }
}
