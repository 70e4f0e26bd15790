public import Processing

extension RedisProcessingStore {
    /// Reports how attempts have ended; see `JobStore/settle(_:)`.
    public func settle(_ settlements: [JobSettlement]) async throws -> [SettlementOutcome] {
        var outcomes = [SettlementOutcome](repeating: .leaseLost, count: settlements.count)
        var known: [String: [(index: Int, arguments: [RedisCommand.Argument])]] = [:]
        for (index, settlement) in settlements.enumerated() {
            // A token of somewhere else is that of no lease here.
            guard let lease = RedisLease(settlement.lease.token) else { continue }
            known[settlement.lease.queue, default: []].append((index, lease.arguments(settlement.verdict)))
        }
        if known.isEmpty, isClosed { throw ProcessingError.closedStore }
        for (queue, reports) in known.sorted(by: { $0.key < $1.key }) {
            let place = "settle in queue '\(queue)'"
            let reply = try await run(
                QueueScripts.settle,
                on: keys(of: queue).written,
                reports.flatMap(\.arguments),
                at: place
            )
            guard let answers = reply.elements, answers.count == reports.count else { throw foreign(place) }
            for (report, answer) in zip(reports, answers) {
                guard let outcome = answer.string.flatMap(SettlementOutcome.init(letter:)) else { throw foreign(place) }
                outcomes[report.index] = outcome
            }
        }
        return outcomes
    }

    /// Extends leases and shows that a worker lives; see `JobStore/heartbeat(_:)`.
    public func heartbeat(_ heartbeat: Heartbeat) async throws -> [JobLease] {
        let known = Dictionary(grouping: heartbeat.leases, by: \.queue)
        var lost = Set<JobLease>()
        for queue in Set(heartbeat.queues).union(known.keys).sorted() {
            let place = "heartbeat of worker '\(heartbeat.worker)' in queue '\(queue)'"
            let leases = (known[queue] ?? []).map { (lease: $0, place: RedisLease($0.token)) }
            for lease in leases where lease.place == nil { lost.insert(lease.lease) }
            let held = leases.filter { $0.place != nil }
            let reply = try await run(
                QueueScripts.heartbeat,
                on: keys(of: queue).written,
                [.text(heartbeat.worker.rawValue)] + held.flatMap { $0.place?.arguments ?? [] },
                at: place
            )
            guard let answers = reply.elements, answers.count == held.count else { throw foreign(place) }
            for (lease, answer) in zip(held, answers) where answer.integer != 0 { lost.insert(lease.lease) }
        }
        return heartbeat.leases.filter(lost.contains)
    }

    /// Ends leases that have run out; see `JobStore/reapExpired(in:lease:)`.
    public func reapExpired(in queues: [String], lease: Duration) async throws -> ReapReport {
        var report = ReapReport()
        let patience = options.workerMemory ?? max(.seconds(60), lease * 10)
        for queue in queues {
            let place = "reap in queue '\(queue)'"
            var hasMore = true
            while hasMore {
                let reply = try await run(
                    QueueScripts.reap,
                    on: keys(of: queue).written,
                    [.integer(lease.milliseconds), .integer(patience.milliseconds)],
                    at: place
                )
                guard let parts = reply.elements, parts.count == 3, let returned = parts[0].jobs,
                    let buried = parts[1].jobs
                else { throw foreign(place) }
                report.returned += returned
                report.buried += buried
                hasMore = parts[2].integer == 1
            }
        }
        return report
    }

    /// Lets delayed jobs wait to be claimed whose time has come; see `JobStore/promoteDue(in:)`.
    public func promoteDue(in queues: [String]) async throws -> PromotionReport {
        var report = PromotionReport()
        for queue in queues {
            let place = "promote in queue '\(queue)'"
            var hasMore = true
            while hasMore {
                let reply = try await run(QueueScripts.promote, on: keys(of: queue).written, [], at: place)
                guard let parts = reply.elements, parts.count == 2, let promoted = parts[0].integer else {
                    throw foreign(place)
                }
                report.promoted += promoted
                let nextDue = parts[1].integer.map { Duration.milliseconds($0) }
                hasMore = nextDue == .zero && promoted > 0
                if let nextDue { report.nextDue = min(report.nextDue ?? nextDue, nextDue) }
            }
        }
        return report
    }
}

extension RedisLease {
    fileprivate var arguments: [RedisCommand.Argument] {
        [.number(priority.number), .text("\(entry)"), .text(worker)]
    }

    fileprivate func arguments(_ verdict: JobVerdict) -> [RedisCommand.Argument] {
        switch verdict {
        case .done: arguments + ["d", "", ""]
        case .retry(let pause, let error): arguments + ["r", .integer(max(0, pause.microseconds)), .text(error)]
        case .bury(let reason, let error): arguments + ["b", .text(reason.rawValue), .text(error)]
        case .release: arguments + ["l", "", ""]
        }
    }
}

extension SettlementOutcome {
    fileprivate init?(letter: String) {
        switch letter {
        case "d": self = .done
        case "r": self = .delayed
        case "b": self = .buried
        case "l": self = .released
        case "x": self = .leaseLost
        default: return nil
        }
    }
}

extension RESPValue {
    /// The identities of jobs in an array.
    var jobs: [JobID]? { elements?.compactMap { $0.string.map(JobID.init(rawValue:)) } }
}
