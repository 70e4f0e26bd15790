extension CounterExample {
    /// The most events that are shown.
    private static let limit = 24
    /// How many events up to a time are shown where a finding names nothing else.
    private static let eventsBefore = 8

    /// Picks the events that a finding is about.
    ///
    /// Findings name operations as `#7`, signals in single quotes, and times as `12.345 ms`: shown is everything that
    /// happened to those operations and signals, or else what came just before the first time. There is none of a finding
    /// that names nothing the history knows.
    ///
    /// - Parameters:
    ///   - finding: What the invariant found.
    ///   - history: The run's events.
    init?(of finding: String, in history: History) {
        let subjects = FindingSubjects(finding, signals: history.signalNames)
        var chosen = history.events.filter { event in
            event.operation >= 0
                ? subjects.operations.contains(event.operation) : subjects.signals.contains(Int(event.detail))
        }
        if chosen.isEmpty, let time = subjects.time {
            chosen = history.events.filter { $0.time <= time }.suffix(Self.eventsBefore)
        }
        guard !chosen.isEmpty else { return nil }
        // The end of a story is where it goes wrong, and its beginning says who is in it.
        let shown =
            chosen.count <= Self.limit
            ? chosen : chosen.prefix(Self.limit / 3) + chosen.suffix(Self.limit - Self.limit / 3)
        self.init(events: shown.map { Event($0, of: history) }, omitted: chosen.count - shown.count)
    }
}

extension CounterExample.Event {
    fileprivate init(_ event: HistoryEvent, of history: History) {
        var facts: [String] = []
        if event.operation >= 0 {
            switch event.kind {
            case .emitted: facts.append("'\(history.signalNames[Int(event.detail)])'")
            case .assigned: facts.append("part \(event.detail)")
            default: if event.detail != 0 { facts.append("key \(event.detail)") }
            }
            if history.laneNames.indices.contains(Int(event.lane)) {
                facts.append("lane '\(history.laneNames[Int(event.lane)])'")
            }
            if event.attempt > 1 { facts.append("attempt \(event.attempt)") }
        }
        if event.error != 0, history.errorNames.indices.contains(Int(event.error)) {
            facts.append("error '\(history.errorNames[Int(event.error)])'")
        }
        self.init(
            time: Double(event.time) / 1e9,
            event: "\(event.kind)",
            subject: history.subject(of: event),
            detail: facts.joined(separator: ", ")
        )
    }
}

extension History {
    /// What an event happened to: `#7`, or a signal in quotes.
    func subject(of event: HistoryEvent) -> String {
        guard event.operation < 0 else { return "#\(event.operation)" }
        return signalNames.indices.contains(Int(event.detail)) ? "'\(signalNames[Int(event.detail)])'" : "a signal"
    }
}

/// What a finding names.
struct FindingSubjects: Equatable {
    var operations: Set<Int32> = []
    /// Numbers of names.
    var signals: Set<Int> = []
    /// The first time that is named, in nanoseconds, rounded up to the next microsecond.
    var time: Int64?

    init(_ finding: String, signals names: [String]) {
        let words = finding.split { $0 == " " || $0 == "," || $0 == ";" || $0 == "(" || $0 == ")" }
        for (word, next) in zip(words, Array(words.dropFirst()) + [""]) {
            if word.hasPrefix("#") {
                let digits = word.dropFirst().prefix { $0.isASCII && $0.isNumber }
                if let number = Int32(digits) { operations.insert(number) }
            } else if time == nil, next.hasPrefix("ms"), let milliseconds = Double(word) {
                time = Int64((milliseconds * 1e6).rounded()) + 999
            }
        }
        for (number, name) in names.enumerated() where finding.contains("'\(name)'") { signals.insert(number) }
    }
}
