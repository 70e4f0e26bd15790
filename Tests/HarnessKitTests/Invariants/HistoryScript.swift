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
        let known = errors.firstIndex(of: error)
        if known == nil { errors.append(error) }
        add(.failed, operation, at: time, attempt: attempt, error: UInt16(known ?? errors.count - 1))
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
        let known = signals.firstIndex(of: name)
        if known == nil { signals.append(name) }
        let number = Int32(known ?? signals.count - 1)
        events.append(HistoryEvent(time: Int64(time * 1e6), kind: kind, detail: number))
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
        clock: RunClock = .real
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
