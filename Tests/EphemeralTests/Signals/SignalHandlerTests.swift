import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalHandlerTests {
    let stage = Stage()
    let handled = Journal<String>()
    let gate = Gate()

    /// A coordinator of commands, `+name` to emit and `-name` to retract, whose handlers stop at a gate.
    private func coordinator(
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> WorkCoordinator<[String]> {
        var options = stage.options()
        options.signals.onSignalAsync = { [handled, gate] event in
            handled.record("+\(event.signal)")
            try await gate.wait()
            if event.signal == "error" { throw Failure() }
        }
        options.signals.onSignalRetractedAsync = { [handled, gate] event in
            handled.record("-\(event.signal)")
            try await gate.wait()
        }
        configure(&options)
        return try WorkCoordinator(options: options) { commands, context in
            for command in commands {
                let name = String(command.dropFirst())
                if command.hasPrefix("+") { context.emit(name) } else { context.retract(name) }
            }
        }
    }

    @Test func handlersRunInTheBackgroundInTheOrderOfTheSignals() throws {
        gate.open()
        let coordinator = try coordinator()
        #expect(coordinator.tryEnqueue(["+a", "+b", "-a"]))
        stage.run()
        #expect(handled.elements == ["+a", "+b", "-a"])
        #expect(coordinator.signalHandlerStats == SignalHandlerStats(enqueued: 3, processed: 3))
    }

    @Test func everyOccurrenceThatIsTakenBackIsToldOnce() throws {
        gate.open()
        let coordinator = try coordinator { $0.signals.onSignalAsync = nil }
        #expect(coordinator.tryEnqueue(["+a", "+a", "+b", "-a"]))
        stage.run()
        #expect(handled.elements == ["-a", "-a"])
    }

    @Test func drainingDoesNotWaitForHandlersAndShuttingDownDoes() throws {
        let coordinator = try coordinator()
        #expect(coordinator.tryEnqueue(["+a", "+b"]))
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.hasSucceeded)
        #expect(coordinator.signalHandlerStats.running == 2)
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.isSuspended)
        gate.open()
        stage.run()
        #expect(shutdown.hasSucceeded)
        #expect(coordinator.signalHandlerStats.processed == 2)
    }

    @Test func shuttingDownWaitsForHandlersALimitedTime() throws {
        let coordinator = try coordinator { $0.signals.maxConcurrentSignalHandlers = 1 }
        #expect(coordinator.tryEnqueue(["+a", "+b"]))
        let shutdown = stage.call {
            try await coordinator.drain()
            await coordinator.shutdown()
        }
        #expect(shutdown.isSuspended)
        stage.time.advance(by: .seconds(5))
        stage.run()
        #expect(shutdown.hasSucceeded)
        #expect(coordinator.signalHandlerStats == SignalHandlerStats(enqueued: 2, failed: 1, dropped: 1))
    }

    @Test func bothLimitsHold() throws {
        let coordinator = try coordinator {
            $0.signals.maxConcurrentSignalHandlers = 2
            $0.signals.maxQueuedSignals = 1
        }
        for commands in [["+a"], ["+b"], ["+c", "+d", "+e"]] {
            #expect(coordinator.tryEnqueue(commands))
            stage.run()
        }
        #expect(coordinator.signalHandlerStats == SignalHandlerStats(enqueued: 5, queued: 1, running: 2, dropped: 2))
        gate.open()
        stage.run()
        #expect(handled.elements == ["+a", "+b", "+e"])
    }

    @Test func anErrorOfAHandlerIsCountedAndConcernsNobody() throws {
        gate.open()
        let coordinator = try coordinator()
        #expect(coordinator.tryEnqueue(["+error", "+a"]))
        stage.run()
        #expect(coordinator.signalHandlerStats == SignalHandlerStats(enqueued: 2, processed: 1, failed: 1))
        #expect(coordinator.stats.completed == 1)
    }

    @Test func aHandlerMayUseItsCoordinator() throws {
        let coordinators = Journal<WorkCoordinator<[String]>>()
        let coordinator = try coordinator {
            $0.signals.onSignalAsync = { [handled] event in
                handled.record(event.signal)
                if event.signal == "a" { _ = try await coordinators.elements.first?.enqueue(["+b"]) }
            }
        }
        coordinators.record(coordinator)
        #expect(coordinator.tryEnqueue(["+a"]))
        stage.run()
        #expect(handled.elements == ["a", "b"])
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.hasSucceeded)
    }

    @Test func blockedSignalsAreNotHandled() throws {
        var options = stage.options()
        options.signals.constraints = .default
        options.signals.onSignalAsync = { [handled] in handled.record($0.signal) }
        let coordinator = try WorkCoordinator<Int>(options: options) { _, context in
            context.emitCaused("a", by: .root("a"))
            context.emitCaused("b", by: .root("a"))
        }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(handled.elements == ["b"])
        #expect(coordinator.signalHandlerStats.enqueued == 1)
    }

    @Test func withoutHandlersThereIsNothingToCount() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.signalHandlerStats == SignalHandlerStats())
    }

    @Test func aForEachWaitsForItsHandlers() throws {
        var options = stage.options()
        options.signals.onSignalAsync = { [handled, gate] event in
            try await gate.wait()
            handled.record(event.signal)
        }
        let final = options
        let call = stage.call {
            try await [1, 2].forEach(options: final) { number, context in _ = context.emit("s.\(number)") }
        }
        #expect(call.isSuspended)
        gate.open()
        stage.run()
        #expect(call.hasSucceeded)
        #expect(handled.elements == ["s.1", "s.2"])
    }

    @Test func aForEachThatIsCancelledLeavesNoHandlerBehind() throws {
        var options = stage.options()
        options.signals.onSignalAsync = { [handled, gate] event in
            defer { handled.record(event.signal) }
            try await gate.wait()
        }
        let final = options
        let call = stage.call { [stage] in
            try await [1, 2].forEach(options: final) { number, context in
                context.emit("s.\(number)")
                try await stage.gate.wait()
            }
        }
        #expect(handled.count == 0)
        call.task.cancel()
        stage.run()
        #expect(call.error is CancellationError)
        #expect(handled.elements == ["s.1"])
    }
}
