@testable import HarnessKit

/// Writes histories by hand, in milliseconds and in any order.
struct HistoryScript {
    private var events: [HistoryEvent] = []
    private var keys: [Int32: Int32] = [:]
    private var lanes: [Int32: UInt8] = [:]
    private var laneNames: [String] = []
    private var signals: [String] = []
    private var errors = [""]

    var history: History {
        var history = History()
        // `sort` is stable, which keeps the order of writing for events of equal time.
        history.events = events.sorted { $0.time < $1.time }
        history.signalNames = signals
        history.errorNames = errors
        history.laneNames = laneNames
        return history
    }

    mutating func add(
        _ kind: HistoryEvent.Kind,
        _ operation: Int32,
        at time: Double,
        attempt: UInt8 = 0,
        error: UInt16 = 0
    ) {
        events.append(
            HistoryEvent(
                time: Int64((time * 1e6).rounded()),
                kind: kind,
                operation: operation,
                detail: keys[operation] ?? 0,
                attempt: attempt,
                error: error,
                lane: lanes[operation] ?? 0
            )
        )
    }

    /// Puts an operation into a lane; to be said before its events.
    mutating func lane(_ name: String, _ operation: Int32) {
        let known = laneNames.firstIndex(of: name)
        if known == nil { laneNames.append(name) }
        lanes[operation] = UInt8(known ?? laneNames.count - 1)
    }

    mutating func submit(_ operation: Int32, key: Int32 = 0, at time: Double, accepted: Double? = nil) {
        keys[operation] = key
        add(.submitted, operation, at: time)
        add(.accepted, operation, at: accepted ?? time)
    }

    mutating func start(_ operation: Int32, at time: Double, attempt: UInt8 = 1) {
        add(.started, operation, at: time, attempt: attempt)
    }

    mutating func complete(_ operation: Int32, at time: Double, attempt: UInt8 = 1) {
        add(.completed, operation, at: time, attempt: attempt)
    }

    mutating func fail(_ operation: Int32, at time: Double, error: String = "transient", attempt: UInt8 = 1) {
        add(.failed, operation, at: time, attempt: attempt, error: number(of: error))
    }

    /// The target tells the end of an operation.
    mutating func end(_ operation: Int32, at time: Double, error: String = "") {
        add(.ended, operation, at: time, error: number(of: error))
    }

    /// A part of the target begins an attempt.
    mutating func start(_ operation: Int32, in part: Int32, at time: Double, attempt: UInt8 = 1) {
        let nanoseconds = Int64((time * 1e6).rounded())
        events.append(HistoryEvent(time: nanoseconds, kind: .assigned, operation: operation, detail: part))
        start(operation, at: time, attempt: attempt)
    }

    private mutating func number(of error: String) -> UInt16 {
        let known = errors.firstIndex(of: error)
        if known == nil { errors.append(error) }
        return UInt16(known ?? errors.count - 1)
    }

    /// One operation that the target turns away.
    mutating func refuse(_ operation: Int32, at time: Double) {
        add(.submitted, operation, at: time)
        add(.refused, operation, at: time)
    }

    /// One operation that runs once and completes.
    mutating func run(_ operation: Int32, key: Int32 = 0, submitted: Double, started: Double, completed: Double) {
        submit(operation, key: key, at: submitted)
        start(operation, at: started)
        complete(operation, at: completed)
    }

    mutating func signal(_ name: String, _ kind: HistoryEvent.Kind = .signalRaised, at time: Double) {
        events.append(HistoryEvent(time: Int64(time * 1e6), kind: kind, detail: number(ofSignal: name)))
    }

    /// The target tells that an operation raised a signal.
    mutating func emit(_ operation: Int32, _ name: String, at time: Double) {
        let number = number(ofSignal: name)
        events.append(HistoryEvent(time: Int64(time * 1e6), kind: .emitted, operation: operation, detail: number))
    }

    private mutating func number(ofSignal name: String) -> Int32 {
        let known = signals.firstIndex(of: name)
        if known == nil { signals.append(name) }
        return Int32(known ?? signals.count - 1)
    }

    static func make(_ write: (inout HistoryScript) -> Void) -> History {
        var script = HistoryScript()
        write(&script)
        return script.history
    }
}

extension Evidence {
    /// Evidence of a history and a target's options alone.
    static func of(
        _ history: History?,
        options: JSONValue.Object = [:],
        accounting: TargetAccounting = TargetAccounting(),
        isKeyed: Bool = false,
        highestConcurrency: Int = 0,
        tally: Tally = Tally(),
        clock: RunClock = .real,
        isCutOff: Bool = false
    ) -> Evidence {
        var capabilities = TargetCapabilities()
        capabilities.isKeyed = isKeyed
        var evidence = Evidence(
            history: history,
            accounting: accounting,
            tally: tally,
            targetOptions: .object(options),
            capabilities: capabilities,
            highestConcurrency: highestConcurrency
        )
        evidence.clock = clock
        evidence.isCutOff = isCutOff
        return evidence
    }
}

extension JSONValue.Object {
    /// The same object with a member set.
    func with(_ name: String, _ value: JSONValue) -> JSONValue.Object {
        var object = self
        object[name] = value
        return object
    }
}

extension Finding {
    var verdict: InvariantVerdict {
        switch self {
        case .pass: .pass
        case .fail: .fail
        case .unknown: .unknown
        }
    }

    var text: String {
        switch self {
        case .pass(let text), .fail(let text), .unknown(let text): text
        }
    }
}
