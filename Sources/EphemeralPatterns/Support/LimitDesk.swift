internal import Ephemeral
internal import EphemeralAtoms
internal import EphemeralTime
internal import Synchronization

/// A state machine that decides how many bodies a coordinator may run at a time.
protocol LimitMachine: Sendable {
    /// The alarm of this number rings.
    mutating func intervalIsOver(_ order: UInt64, now: ContinuousClock.Instant, _ effects: inout LimitEffects)
}

/// What has to be done after the lock of a limit machine is released.
struct LimitEffects: Sendable, Equatable {
    var limit: Int?
    var alarm: AlarmOrder?
    /// What to raise, in order.
    var signals: [String] = []
}

/// A limit machine under its lock, and what carries out its decisions.
final class LimitDesk<Machine: LimitMachine>: Sendable {
    private let state: Mutex<(machine: Machine, orders: UInt64)>
    private let time: any TimeSource
    private let alarm: Alarm
    private let setter: LimitSetter
    private let sink: SignalSink?

    init(
        _ machine: Machine,
        name: String,
        options: EphemeralOptions,
        raisingIn sink: SignalSink? = nil,
        setLimit: @escaping @Sendable (_ limit: Int) -> Void
    ) {
        state = Mutex((machine, 0))
        time = options.time
        alarm = Alarm(name, time: options.time, spawner: TaskSpawner(executor: options.executor))
        setter = LimitSetter(apply: setLimit)
        self.sink = sink
    }

    /// An event, with what follows from it.
    func change(
        _ event: @Sendable (inout Machine, _ now: ContinuousClock.Instant, inout LimitEffects) -> Void
    ) {
        let now = time.now
        let (effects, order) = state.withLock { state in
            var effects = LimitEffects()
            event(&state.machine, now, &effects)
            if effects.limit != nil { state.orders += 1 }
            return (effects, state.orders)
        }
        if let limit = effects.limit { setter.set(limit, order: order) }
        if let order = effects.alarm {
            alarm.carryOut(order) { [weak self] number in
                self?.change { $0.intervalIsOver(number, now: $1, &$2) }
            }
        }
        for signal in effects.signals { sink?.raise(signal) }
    }

    func read<Result: Sendable>(_ body: (Machine) -> Result) -> Result { state.withLock { body($0.machine) } }
}
