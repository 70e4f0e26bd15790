/// Every signal reaches whoever listens exactly once, in the order of its source.
///
/// Two kinds of signals are judged: those that the timeline raises, which the run itself must see once each and in order
/// (a target that raises signals of the same names cannot be told apart from one that repeats them), and, in targets whose
/// operations are signals, every accepted operation, which each of the target's `handlers` must get once. Of operations of
/// one key the first handler gets the earlier one first.
enum SignalDeliveryInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// How often each signal is delivered; `once` when left out.
        var exactly: Count?
        /// In which order signals are delivered; `per-source` when left out.
        var order: Order?
    }

    /// How often a signal is delivered.
    enum Count: String, Codable, Sendable, CaseIterable {
        case once
    }

    /// In which order signals are delivered.
    enum Order: String, Codable, Sendable, CaseIterable {
        case perSource = "per-source"
        case any
    }

    static let id = "signal-delivery"
    static let summary = "every signal reaches whoever listens exactly once, in the order of its source"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let isOrdered = options.order != .any
        let raised = RaisedSignals(history, isOrdered: isOrdered, isCutOff: evidence.isCutOff)
        if let problem = raised.problem { return .fail(problem) }
        var (handled, missing) = (0, raised.missing)
        if evidence.capabilities.deliversSignals {
            switch operations(history, handlers: evidence.option("handlers") ?? 1, isCutOff: evidence.isCutOff) {
            case .failure(let problem): return .fail(problem.text)
            case .success(let count):
                handled = count.handled
                missing += count.missing
            }
            if isOrdered {
                let perKey =
                    evidence.option("maxConcurrencyPerKey") ?? (evidence.capabilities.isKeyed ? 1 : evidence.slots)
                let order = StartOrder(history, slots: max(1, perKey), lane: \.detail)
                if let overtaking = order.overtaking { return .fail("source \(overtaking.lane): \(overtaking.text)") }
            }
        }
        guard raised.count + handled + missing > 0 else { return .unknown("no signal was sent") }
        guard missing == 0 else {
            return .unknown("the run was cut off before \(FindingText.count(missing, "signal")) had reached everyone")
        }
        return .pass("\(FindingText.count(raised.count, "raised signal")) and \(handled) handled ones")
    }

    private struct Problem: Error {
        var text: String
    }

    /// Operations that each handler got, and those that were on their way when the run was cut off.
    private struct Deliveries {
        var handled = 0
        var missing = 0
    }

    /// How many operations each handler got, or the first that one of them missed or got twice.
    private static func operations(
        _ history: History,
        handlers: Int,
        isCutOff: Bool
    ) -> Result<Deliveries, Problem> {
        let table = OperationTable(history)
        var others: [Int32: Int] = [:]
        for event in history.events where event.kind == .delivered { others[event.operation, default: 0] += 1 }
        var deliveries = Deliveries()
        for (index, record) in table.records.enumerated() where record.isAccepted && !record.isDiscarded {
            // One that has not ended may still be on its way to a handler.
            guard record.attempts > 0 || record.fate != .waiting else { continue }
            // The run may have been cut off while it was on its way to the rest of them.
            if isCutOff, record.attempts == 0 || Int(record.attempts) + (others[Int32(index)] ?? 0) < handlers {
                deliveries.missing += 1
                continue
            }
            guard record.attempts == 1 else {
                return .failure(Problem(text: "signal #\(index) was handled \(record.attempts) times"))
            }
            let further = others[Int32(index)] ?? 0
            guard record.ends == 0 || further == handlers - 1 else {
                return .failure(Problem(text: "signal #\(index) reached \(further + 1) of \(handlers) handlers"))
            }
            deliveries.handled += 1
        }
        return .success(deliveries)
    }
}

/// The signals that the timeline raised, and what the run saw of them.
private struct RaisedSignals {
    private(set) var count = 0
    /// Those that were not seen before the run was cut off.
    private(set) var missing = 0
    private(set) var problem: String?

    init(_ history: History, isOrdered: Bool, isCutOff: Bool) {
        let sent = history.events.filter { $0.kind == .signalSent }
        count = sent.count
        let names = Set(sent.map(\.detail))
        let seen = history.events.filter { $0.kind == .signalRaised && names.contains($0.detail) }
        for name in names.sorted() {
            let (wanted, got) = (sent.count { $0.detail == name }, seen.count { $0.detail == name })
            if isCutOff ? got > wanted : got != wanted {
                problem = "'\(history.signalNames[Int(name)])' was raised \(wanted) times and seen \(got) times"
                return
            }
        }
        missing = sent.count - seen.count
        // Where some are missing, places say nothing about order.
        guard isOrdered, missing == 0 else { return }
        for (sent, seen) in zip(sent, seen) where sent.detail != seen.detail {
            problem =
                "'\(history.signalNames[Int(sent.detail)])', raised at \(FindingText.time(sent.time)), was seen after "
                + "'\(history.signalNames[Int(seen.detail)])', which was raised later"
            return
        }
    }
}
