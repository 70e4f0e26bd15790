import HarnessKit

extension TinyCoordinator {
    /// What waits, what runs, and who rests.
    struct State {
        let defect: PlantedDefect?
        var limit: Int
        var waiting: [HarnessKit.Operation] = []
        var runningKeys: Set<Int> = []
        var active = 0
        var isDeferred = false
        var isOpen = true
        var counts = TargetAccounting()
        var resting: [CheckedContinuation<Void, Never>] = []
        var joining: [CheckedContinuation<Void, Never>] = []

        init(defect: PlantedDefect?, limit: Int) {
            self.defect = defect
            self.limit = limit
            (counts.enqueued, counts.completed, counts.failed, counts.cancelled) = (0, 0, 0, 0)
        }

        enum Turn {
            case run(HarnessKit.Operation)
            case rest
            case end
        }

        var isIdle: Bool { waiting.isEmpty && active == 0 }

        /// The item that may start now, as far as its key goes.
        private var candidate: Int? {
            if defect == .headOfLineBlock { return waiting.isEmpty ? nil : 0 }
            return waiting.firstIndex { !runningKeys.contains($0.key) }
        }

        mutating func take(checkingLimit: Bool = true) -> Turn {
            if !isOpen && waiting.isEmpty { return .end }
            guard !isDeferred, !checkingLimit || active < limit, let index = candidate else { return .rest }
            active += 1
            let operation = waiting.remove(at: index)
            if defect != .headOfLineBlock { runningKeys.insert(operation.key) }
            return .run(operation)
        }

        /// Takes the key of an item that has its place already.
        mutating func takeKey(_ key: Int) -> Bool { runningKeys.insert(key).inserted }

        mutating func finish(_ operation: HarnessKit.Operation, hasFailed: Bool) -> [CheckedContinuation<Void, Never>] {
            runningKeys.remove(operation.key)
            if !(hasFailed && defect == .slotLeakedOnThrow) { active -= 1 }
            if hasFailed { counts.failed? += 1 } else { counts.completed? += 1 }
            return wake()
        }

        /// Everybody who rests looks again; those who wait for the end go when it is there.
        mutating func wake() -> [CheckedContinuation<Void, Never>] {
            defer { resting = [] }
            guard !isOpen, isIdle else { return resting }
            defer { joining = [] }
            return resting + joining
        }

        mutating func setLimit(_ limit: Int) -> [CheckedContinuation<Void, Never>] {
            if defect == .limitShrinkIgnored, limit < self.limit, !waiting.isEmpty { return [] }
            self.limit = limit
            return wake()
        }

        var accounting: TargetAccounting {
            var accounting = counts
            accounting.pending = waiting.count
            accounting.active = active
            return accounting
        }
    }
}
