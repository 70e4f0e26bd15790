internal import EphemeralTime

/// Where a run is in its phases: a pure function of time and of what has happened.
struct PhaseProgression {
    /// A phase that has begun; times in nanoseconds from the start of the run.
    struct Passage: Equatable {
        var phase: Int
        var start: Int64
        var end: Int64
        var ending: Ending
    }

    /// Why a phase ended.
    enum Ending: Equatable {
        /// Its time was over.
        case time
        /// What it waited for happened: nothing in flight, or its operations done.
        case reached
        /// It waited as long as it may.
        case limit
        /// The run was stopped.
        case interrupted
    }

    private let phases: [Phase]
    private(set) var passages: [Passage] = []
    /// The phase that the run is in; `nil` when the last one has ended.
    private(set) var current: Int?
    private var start: Int64 = 0

    init(phases: [Phase]) {
        self.phases = phases
        current = phases.isEmpty ? nil : 0
    }

    /// When the current phase ends at the latest.
    var deadline: Int64? { current.map { start + length(of: phases[$0]) } }

    /// When the run began its current phase.
    var currentStart: Int64 { start }

    /// Moves on as far as `now` allows.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - reached: Whether what the current phase waits for has happened.
    /// - Returns: The phases that were entered.
    mutating func advance(to now: Int64, reached: Bool) -> [Int] {
        var entered: [Int] = []
        var reached = reached
        while let phase = current {
            let latest = start + length(of: phases[phase])
            if case .after = phases[phase].end {
                guard now >= latest else { break }
                end(phase, at: latest, .time)
            } else if reached {
                end(phase, at: min(now, latest), .reached)
                reached = false
            } else {
                guard now >= latest else { break }
                end(phase, at: latest, .limit)
            }
            if let current { entered.append(current) }
        }
        return entered
    }

    /// Ends the run in the current phase.
    mutating func interrupt(at now: Int64) {
        guard let phase = current else { return }
        end(phase, at: max(start, now), .interrupted)
        current = nil
    }

    private mutating func end(_ phase: Int, at time: Int64, _ ending: Ending) {
        passages.append(Passage(phase: phase, start: start, end: time, ending: ending))
        start = time
        current = phase + 1 < phases.count ? phase + 1 : nil
    }

    private func length(of phase: Phase) -> Int64 {
        switch phase.end {
        case .after(let duration): duration.clampedNanoseconds
        case .empty(let limit), .operations(_, let limit): limit.clampedNanoseconds
        }
    }
}
