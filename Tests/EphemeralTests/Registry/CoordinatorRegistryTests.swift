import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CoordinatorRegistryTests {
    typealias Numbers = WorkCoordinator<Int>

    let registry = CoordinatorRegistry()
    let made = Journal<String>()

    /// Registers a coordinator of numbers that does nothing with them.
    private func register(_ name: String, mark: String? = nil) throws {
        try registry.register(Numbers.self, named: name) { [made] _ in
            made.record(mark ?? name)
            return try Numbers { _ in }
        }
    }

    private func refusal(_ work: () async throws -> Void) async -> CoordinatorError? {
        do {
            try await work()
            return nil
        } catch {
            return error as? CoordinatorError
        }
    }

    @Test func aNameAlwaysMeansTheSameCoordinator() async throws {
        try register("a")
        let first = try await registry.coordinator(Numbers.self, named: "a")
        let second: Numbers = try await registry.coordinator(named: "a")
        #expect(first === second)
        #expect(made.elements == ["a"])
    }

    @Test func differentNamesMeanDifferentCoordinators() async throws {
        try register("a")
        try register("b")
        let a = try await registry.workCoordinator(of: Int.self, named: "a")
        let b = try await registry.workCoordinator(of: Int.self, named: "b")
        #expect(a !== b)
    }

    @Test func nothingIsMadeBeforeItIsAskedFor() async throws {
        try register("a")
        try register("b")
        #expect(made.elements.isEmpty)
        _ = try await registry.coordinator(Numbers.self, named: "b")
        #expect(made.elements == ["b"])
    }

    @Test func namesOfDifferentTypesDoNotMeet() async throws {
        try registry.registerWorkCoordinator { (_: Int, _) in }
        try registry.registerWorkCoordinator { (_: String, _) in }
        let numbers = try await registry.workCoordinator(of: Int.self)
        let texts = try await registry.workCoordinator(of: String.self)
        #expect(ObjectIdentifier(numbers) != ObjectIdentifier(texts))
    }

    @Test func everyKindHasItsNames() async throws {
        try registry.registerKeyedWorkCoordinator(key: { (item: Int) in "\(item)" }, body: { _, _ in })
        try registry.registerResultCoordinator { (input: Int, _) in input * 2 }
        try registry.register(PriorityWorkCoordinator<Int>.self) { _ in try PriorityWorkCoordinator { _, _ in } }
        let keyed = try await registry.keyedWorkCoordinator(of: Int.self, by: String.self)
        try await keyed.enqueue(1)
        let doubles = try await registry.resultCoordinator(of: Int.self, to: Int.self)
        let id = try await doubles.enqueue(4)
        #expect(try await doubles.waitForResult(id).get() == 8)
        let priority = try await registry.coordinator(PriorityWorkCoordinator<Int>.self)
        try await priority.enqueue(1)
        try await registry.drain()
        #expect(keyed.isDrained && doubles.isDrained && priority.isDrained)
    }

    @Test func aCoordinatorWithoutANameIsFoundUnderTheEmptyOne() async throws {
        try registry.registerWorkCoordinator(options: EphemeralOptions(maxConcurrency: 3)) { (_: Int, _) in }
        let factory = registry.factory(for: Numbers.self)
        let coordinator = try await factory.coordinator()
        #expect(coordinator.currentMaxConcurrency == 3)
        #expect(try await factory.coordinator(named: "") === coordinator)
        #expect(try await registry.coordinator(Numbers.self) === coordinator)
    }

    @Test(arguments: [
        ("ordrs", #"no WorkCoordinator<Int> is registered as "ordrs"; did you mean "orders"? known: "mail", "orders""#),
        ("Mail", #"no WorkCoordinator<Int> is registered as "Mail"; did you mean "mail"? known: "mail", "orders""#),
        ("payments", #"no WorkCoordinator<Int> is registered as "payments"; known: "mail", "orders""#),
        ("", #"no WorkCoordinator<Int> is registered without a name; known: "mail", "orders""#),
    ])
    func anUnknownNameIsAnsweredWithTheKnownOnes(_ name: String, message: String) async throws {
        try register("orders")
        try register("mail")
        let error = await refusal { _ = try await registry.coordinator(Numbers.self, named: name) }
        #expect(error?.code == .notConfigured)
        #expect(error?.message == message)
    }

    @Test func anUnknownTypeIsAnsweredWithWhatThereIs() async throws {
        let empty = await refusal { _ = try await registry.coordinator(Numbers.self) }
        #expect(empty?.message == "no WorkCoordinator<Int> is registered without a name; nothing is registered")
        try registry.registerWorkCoordinator { (_: String, _) in }
        try registry.registerWorkCoordinator(named: "a") { (_: String, _) in }
        let error = await refusal { _ = try await registry.coordinator(Numbers.self, named: "a") }
        #expect(
            error?.message == #"no WorkCoordinator<Int> is registered as "a"; known: "#
                + #"WorkCoordinator<String> as "a", WorkCoordinator<String> without a name"#
        )
    }

    @Test func aNameOfAnyLengthIsRefusedQuickly() async throws {
        try register("orders")
        let name = String(repeating: "order", count: 200_000)
        let error = await refusal { _ = try await registry.coordinator(Numbers.self, named: name) }
        #expect(error?.code == .notConfigured)
    }

    @Test func registeringAgainReplacesWhatHasNotBeenMade() async throws {
        try register("a", mark: "first")
        try register("a", mark: "second")
        _ = try await registry.coordinator(Numbers.self, named: "a")
        #expect(made.elements == ["second"])
    }

    @Test func registeringAgainIsRefusedOnceTheCoordinatorHasBeenMade() async throws {
        try register("a")
        let coordinator = try await registry.coordinator(Numbers.self, named: "a")
        let error = #expect(throws: CoordinatorError.self) { try register("a") }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(#"WorkCoordinator<Int> as "a""#) == true)
        #expect(try await registry.coordinator(Numbers.self, named: "a") === coordinator)
        try register("b")
        _ = try await registry.coordinator(Numbers.self, named: "b")
    }

    @Test func aFactoryThatThrowsIsRunAgainByTheNextCaller() async throws {
        let attempts = Journal<Int>()
        try registry.register(Numbers.self) { _ in
            attempts.record(attempts.count)
            if attempts.count == 1 { throw Failure(number: 7) }
            return try Numbers { _ in }
        }
        await #expect(throws: Failure(number: 7)) { _ = try await registry.coordinator(Numbers.self) }
        _ = try await registry.coordinator(Numbers.self)
        _ = try await registry.coordinator(Numbers.self)
        #expect(attempts.count == 2)
    }

    @Test func optionsOutsideTheirRangeShowWhenTheCoordinatorIsMade() async throws {
        try registry.registerWorkCoordinator(options: EphemeralOptions(maxConcurrency: 0)) { (_: Int, _) in }
        let error = await refusal { _ = try await registry.workCoordinator(of: Int.self) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func afterAFailureTheNameCanBeRegisteredAnew() async throws {
        try registry.register(Numbers.self) { _ in throw Failure() }
        await #expect(throws: Failure.self) { _ = try await registry.coordinator(Numbers.self) }
        try register("")
        _ = try await registry.coordinator(Numbers.self)
    }

    @Test func factoriesMayAskForOtherCoordinators() async throws {
        try register("mail")
        try registry.register(Numbers.self, named: "orders") { registry in
            let mail = try await registry.coordinator(Numbers.self, named: "mail")
            return try Numbers { item in try await mail.enqueue(item) }
        }
        let orders = try await registry.coordinator(Numbers.self, named: "orders")
        try await orders.enqueue(1)
        try await registry.drain()
        #expect(try await registry.coordinator(Numbers.self, named: "mail").stats.completed == 1)
    }

    @Test func aScopeHasTheSameFactoriesAndCoordinatorsOfItsOwn() async throws {
        try register("a")
        let outer = try await registry.coordinator(Numbers.self, named: "a")
        let scope = registry.scope()
        let inner = try await scope.coordinator(Numbers.self, named: "a")
        #expect(inner !== outer)
        #expect(made.elements == ["a", "a"])
        await scope.shutdown()
        #expect(inner.isFinished)
        #expect(!outer.isFinished)
        try scope.scope().registerWorkCoordinator(named: "b") { (_: Int, _) in }
    }
}
