import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

/// Callers that meet in a registry, one step at a time and all at once.
@Suite(.timeLimit(.minutes(1)))
struct RegistryConcurrencyTests {
    typealias Numbers = WorkCoordinator<Int>

    let stage = Stage()
    let registry = CoordinatorRegistry()
    let attempts = Journal<Int>()
    let found = Journal<ObjectIdentifier>()

    /// Registers a coordinator whose factory stops at the gate of the stage and then does what `outcome` says.
    private func register(outcome: @escaping @Sendable (_ attempt: Int) throws -> Void = { _ in }) throws {
        try registry.register(Numbers.self) { [attempts, gate = stage.gate] _ in
            attempts.record(attempts.count + 1)
            let attempt = attempts.count
            try await gate.wait()
            try outcome(attempt)
            return try Numbers { _ in }
        }
    }

    private func ask() -> Stage.Call {
        stage.call { [registry, found] in
            found.record(ObjectIdentifier(try await registry.coordinator(Numbers.self)))
        }
    }

    @Test func callersWhoAskAtTheSameMomentGetTheSameCoordinator() throws {
        try register()
        let calls = [ask(), ask(), ask()]
        #expect(calls.allSatisfy { $0.isSuspended })
        #expect(attempts.count == 1)
        stage.open()
        #expect(calls.allSatisfy { $0.hasSucceeded })
        #expect(attempts.count == 1)
        #expect(Set(found.elements).count == 1 && found.count == 3)
    }

    @Test func aFailureIsToldToThoseWhoWaitedForItAndToNobodyElse() throws {
        try register { attempt in if attempt == 1 { throw Failure(number: 1) } }
        let calls = [ask(), ask()]
        stage.open()
        #expect(calls.map { $0.error as? Failure } == [Failure(number: 1), Failure(number: 1)])
        #expect(ask().hasSucceeded)
        #expect(attempts.count == 2)
    }

    @Test func aCallerWhoStopsWaitingStopsNobodyElse() throws {
        try register()
        let (maker, waiter, other) = (ask(), ask(), ask())
        waiter.task.cancel()
        stage.run()
        #expect(waiter.error is CancellationError)
        #expect(maker.isSuspended && other.isSuspended)
        stage.open()
        #expect(maker.hasSucceeded && other.hasSucceeded)
    }

    @Test func aCallerWhoWasCancelledBeforehandDoesNotWait() throws {
        try register()
        let maker = ask()
        let late = stage.call(cancelled: true) { [registry] in _ = try await registry.coordinator(Numbers.self) }
        #expect(late.error is CancellationError)
        stage.open()
        #expect(maker.hasSucceeded)
    }

    @Test func whoWaitsForAMakerThatIsCancelledMakesTheCoordinatorItself() throws {
        try register()
        let (maker, first, second) = (ask(), ask(), ask())
        maker.task.cancel()
        stage.run()
        #expect(maker.error is CancellationError)
        #expect(first.isSuspended && second.isSuspended)
        #expect(attempts.count == 2)
        stage.open()
        #expect(first.hasSucceeded && second.hasSucceeded)
        #expect(Set(found.elements).count == 1)
    }

    @Test func aCoordinatorThatIsBeingMadeCannotBeReplaced() throws {
        try register()
        let maker = ask()
        let error = #expect(throws: CoordinatorError.self) { try register() }
        #expect(error?.code == .invalidArgument)
        stage.open()
        #expect(maker.hasSucceeded)
    }

    @Test func aFactoryThatAsksForItselfIsRefused() throws {
        try registry.register(Numbers.self, named: "a") { try await $0.coordinator(Numbers.self, named: "a") }
        let call = stage.call { [registry] in _ = try await registry.coordinator(Numbers.self, named: "a") }
        #expect((call.error as? CoordinatorError)?.code == .invalidArgument)
    }

    @Test func factoriesThatAskForEachOtherAreRefused() throws {
        try registry.register(Numbers.self, named: "a") { try await $0.coordinator(Numbers.self, named: "b") }
        try registry.register(Numbers.self, named: "b") { try await $0.coordinator(Numbers.self, named: "a") }
        let call = stage.call { [registry] in _ = try await registry.coordinator(Numbers.self, named: "a") }
        #expect((call.error as? CoordinatorError)?.code == .invalidArgument)
    }

    /// Each task runs one of two factories and then needs the other one's coordinator.
    @Test func tasksThatWaitForEachOtherAreRefusedInsteadOfWaitingForEver() throws {
        for (name, other) in [("a", "b"), ("b", "a")] {
            try registry.register(Numbers.self, named: name) { [gate = stage.gate] registry in
                try await gate.wait()
                return try await registry.coordinator(Numbers.self, named: other)
            }
        }
        let calls = ["a", "b"].map { name in
            stage.call { [registry] in _ = try await registry.coordinator(Numbers.self, named: name) }
        }
        stage.open()
        #expect(calls.map { ($0.error as? CoordinatorError)?.code } == [.invalidArgument, .invalidArgument])
    }

    /// The factory of `a` first waits for `b`, which another task makes, and then does without it: `b` may need `a`.
    @Test func aWaitThatWasGivenUpIsNoPartOfACircle() throws {
        let (given, go) = (Journal<Bool>(), Gate())
        try registry.register(Numbers.self, named: "b") { [gate = stage.gate] registry in
            try await gate.wait()
            return try await registry.coordinator(Numbers.self, named: "a")
        }
        try registry.register(Numbers.self, named: "a") { registry in
            try await withThrowingTaskGroup { group in
                group.addTask { _ = try await registry.coordinator(Numbers.self, named: "b") }
                try await go.wait()
                group.cancelAll()
                given.record((try? await group.next()) == nil)
            }
            try await go.wait()
            return try Numbers { _ in }
        }
        let calls = ["b", "a"].map { name in
            stage.call { [registry] in _ = try await registry.coordinator(Numbers.self, named: name) }
        }
        go.release()
        stage.run()
        #expect(given.elements == [true])
        stage.open()
        #expect(calls.allSatisfy { $0.isSuspended })
        go.open()
        stage.run()
        #expect(calls.allSatisfy { $0.hasSucceeded })
    }

    @Test func aBodyMayAskForTheCoordinatorWhoseFactoryMadeIt() throws {
        try registry.register(Numbers.self) { [found, options = stage.options()] registry in
            let coordinator = try Numbers(options: options) { _ in
                found.record(ObjectIdentifier(try await registry.coordinator(Numbers.self)))
            }
            // The worker that this item needs is created within the factory.
            _ = coordinator.tryEnqueue(1)
            return coordinator
        }
        let call = ask()
        #expect(call.hasSucceeded)
        #expect(found.count == 2 && Set(found.elements).count == 1)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func underLoadEveryNameIsMadeOnce(_ seed: UInt64) async throws {
        let (names, callers) = (8, 64)
        for name in 0..<names {
            try registry.register(Numbers.self, named: "\(name)") { [attempts] registry in
                attempts.record(name)
                await Task.yield()
                // Every other attempt fails, and some need the coordinator before them.
                if (attempts.count ^ Int(truncatingIfNeeded: seed)).isMultiple(of: 2) { throw Failure(number: name) }
                if name % 3 == 2 { _ = try? await registry.coordinator(Numbers.self, named: "\(name - 1)") }
                return try Numbers { _ in }
            }
        }
        let seen = Journal<(name: Int, coordinator: Numbers)>()
        try await withThrowingTaskGroup { group in
            for caller in 0..<callers {
                group.addTask { [registry] in
                    var random = SplitMix64(seed: seed &* 1_000 &+ UInt64(caller))
                    for _ in 0..<50 {
                        let name = Int.random(in: 0..<names, using: &random)
                        do {
                            seen.record((name, try await registry.coordinator(Numbers.self, named: "\(name)")))
                        } catch is Failure {
                            await Task.yield()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        for name in 0..<names {
            let coordinators = seen.elements.filter { $0.name == name }.map { ObjectIdentifier($0.coordinator) }
            #expect(Set(coordinators).count <= 1)
        }
        let distinct = Set(seen.elements.map { ObjectIdentifier($0.coordinator) })
        #expect(distinct.count == Set(seen.elements.map(\.name)).count)
        #expect(!distinct.isEmpty)
        await registry.shutdown()
    }
}
