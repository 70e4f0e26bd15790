extension ScenarioDecoder {
    func searchLoad(_ node: Node) -> Load? {
        guard let fields = Fields(node, as: ScenarioFormat.searchLoad, log) else { return nil }
        let from = fields.read("from", searchedRate)
        let to = fields.read("to", searchedRate)
        fields.requireOrder(("from", from), ("to", to), orEqual: false)
        let precision = fields.read("precision", self.precision)
        let repetitions = fields.read("repeat") { log.count($0, in: 1...25) }
        let budget = fields.read("budget", log.positiveDuration)
        let phases = fields.read("phases") {
            self.phases($0, as: ScenarioFormat.searchPhase, highestRate: to ?? 1)
        }
        var load = plannedLoad(fields, phases: phases ?? [])
        guard let from, let to, from < to else { return load }
        var search = RateSearch(from: from, to: to)
        if let precision { search.precision = precision }
        if let repetitions { search.repetitions = repetitions }
        search.budget = budget
        load.search = search
        checkArrivals(load, at: fields["phases"])
        return load
    }

    private func searchedRate(_ node: Node) -> Double? {
        guard let rate = log.measure(node, .rate) else { return nil }
        if rate > 0 { return rate }
        log.error("a search cannot begin at no rate at all; write a higher one, as \"10/s\"", at: node)
        return nil
    }

    private func precision(_ node: Node) -> Double? {
        guard let share = log.measure(node, .share) else { return nil }
        if (0.005...0.5).contains(share) { return share }
        log.error("the precision is out of range; write a share from 0.5% to 50%", at: node)
        return nil
    }

    /// Reads the share of the searched rate that a phase offers.
    func shareOfRate(_ node: Node) -> Double? {
        if case .string(let text) = node.value.content, (try? Measure.rate.read(text)) != nil {
            log.error("a search sets the rates itself; write a share of the rate that is tried, as \"50%\"", at: node)
            return nil
        }
        return log.measure(node, .share)
    }

    /// Checks that a search can decide what it is to find, and that nothing asks for its result without one.
    func checkSearch(_ fields: Fields, of scenario: Scenario) {
        guard let load = fields["load"], load.member("model")?.value.content == .string("search") else {
            return refuseCapacity(fields)
        }
        checkDecision(at: load, of: scenario)
        checkSamples(fields["expect"], of: scenario)
        checkSearchedExpectations(fields["expect"], of: scenario)
        for (key, mend) in Self.foreignSettings {
            guard let node = fields["runs"]?.member(key) else { continue }
            // One run or one seed is what a trial has.
            if ["repetitions", "virtualSeeds"].contains(key), node.value.content == .integer(1) { continue }
            log.error("\"\(key)\" does not go with a search; \(mend)", at: node)
        }
        if let node = fields["regress"]?.member("paired"), node.members?.isEmpty == false {
            log.error(
                "pairs are of single runs, and a search makes many; move the metrics to \"exact\", for virtual time, or to "
                    + "\"observe\"",
                at: node
            )
        }
    }

    private static let foreignSettings = [
        ("repetitions", "write \"repeat\" within \"load\""),
        ("processes", "remove it: its trials follow each other in one process"),
        ("virtualSeeds", "remove it: every repetition of the search has a seed of its own"),
        ("budget", "move it into \"load\", where it is the time for each target"),
    ]

    /// Something must be able to break, or every rate would hold.
    private func checkDecision(at node: Node, of scenario: Scenario) {
        guard log.problems.isEmpty else { return }
        for clock in scenario.clocks {
            let undecided = scenario.targets.first { target in
                !scenario.expectations.contains { expectation in
                    expectation.level == .fail && !expectation.isOnCapacity
                        && Glob(expectation.target).matches(target.id)
                        && expectation.clocks(among: [clock]).contains(clock)
                }
            }
            guard let undecided else { continue }
            log.error(
                "nothing tells on the \(clock.rawValue) clock whether a rate holds for \"\(undecided.id)\"; add an "
                    + "expectation, as { \"that\": \"response.p99 < 50ms\" }",
                at: node
            )
        }
    }

    /// A percentile of too few samples says nothing, and the lowest rate has the fewest.
    private func checkSamples(_ list: Node?, of scenario: Scenario) {
        let nodes = list?.elements ?? []
        guard let search = scenario.load.search, nodes.count == scenario.expectations.count else { return }
        for (node, expectation) in zip(nodes, scenario.expectations) where expectation.level == .fail {
            guard let needed = expectation.samplesNeeded, let that = node.member("that") else { continue }
            let samples = scenario.load.trial(at: search.from).samples(of: expectation)
            // Three standard deviations: hardly any draw of a Poisson process has fewer.
            let chance = scenario.load.model == .open(arrivals: .poisson) ? 3 * samples.squareRoot() : 0
            guard samples - chance < Double(needed) else { continue }
            log.error(
                "at \(NoteText.number(search.from))/s a trial measures about \(samples.plainText) operations, and this "
                    + "percentile needs \(needed); raise \"from\", lengthen the "
                    + "\(expectation.window == nil ? "phases" : "window") or name a lower percentile",
                at: that
            )
        }
    }

    private func checkSearchedExpectations(_ list: Node?, of scenario: Scenario) {
        let nodes = list?.elements ?? []
        guard nodes.count == scenario.expectations.count else { return }
        for (node, expectation) in zip(nodes, scenario.expectations) {
            if !expectation.isOnCapacity, let versus = node.member("versus") {
                log.error(
                    "a trial runs one target alone; remove \"versus\", or set it beside \"\(MetricCatalogue.capacity)\"",
                    at: versus
                )
            }
            for key in ["phase", "window"] where expectation.isOnCapacity {
                guard let member = node.member(key) else { continue }
                log.error("\"\(MetricCatalogue.capacity)\" is of the whole search; remove \"\(key)\"", at: member)
            }
        }
    }

    /// Reports whatever asks for the result of a search where there is none.
    private func refuseCapacity(_ fields: Fields) {
        let expected = (fields["expect"]?.elements ?? []).compactMap { $0.member("that") }.filter { node in
            guard case .string(let text) = node.value.content else { return false }
            return text.hasPrefix(MetricCatalogue.capacity)
        }
        let regression = fields["regress"]
        let lists = [fields["compare"]?.member("metrics"), regression?.member("exact")]
        let listed = lists.flatMap { $0?.elements ?? [] }.filter { node in
            node.value.content == .string(MetricCatalogue.capacity)
        }
        let margins = ["paired", "observe"].compactMap { regression?.member($0)?.member(MetricCatalogue.capacity) }
        for node in expected + listed + margins {
            log.error(
                "\"\(MetricCatalogue.capacity)\" is what a search finds; set \"model\": \"search\" in \"load\"",
                at: node
            )
        }
    }
}

extension Expectation {
    /// How many samples the metric needs; `nil` for one that is no percentile.
    fileprivate var samplesNeeded: Int? {
        guard case .named(let name) = metric else { return nil }
        return DurationSamples.percentile(of: name).map { OrderStatistics.samplesNeeded(forQuantile: $0.share) }
    }
}

extension Load {
    /// About how many operations an expectation looks at, where every phase lasts as long as it may.
    fileprivate func samples(of expectation: Expectation) -> Double {
        var start = Duration.zero
        return phases.reduce(0) { sum, phase in
            let end = start + phase.longest
            defer { start = end }
            let length: Duration
            if let window = expectation.window {
                length = max(.zero, min(end, window.upperBound) - max(start, window.lowerBound))
            } else {
                length = expectation.phase.map { $0 == phase.name } ?? phase.measure ? phase.longest : .zero
            }
            return sum + (phase.constantRate ?? 0) * length.seconds
        }
    }
}
