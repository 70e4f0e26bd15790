import Ephemeral
import EphemeralTesting
import Testing

/// The suite itself: it finds what is wrong, and says so.
@Suite(.timeLimit(.minutes(1)))
struct ConformanceSuiteTests {
    private static func conformance(_ flaw: Flaw) -> CoordinatorConformance {
        var conformance = CoordinatorConformance { options, body in
            let coordinator = try FlawedCoordinator(flaw, options: options, body: body)
            return CoordinatorConformance.Subject(coordinator) { try await coordinator.enqueue($0) }
        }
        // Nobody comes to the meeting of a flawed coordinator.
        conformance.patience = .milliseconds(50)
        return conformance
    }

    private static let checks = Dictionary(uniqueKeysWithValues: CoordinatorConformance.allChecks.map { ($0.id, $0) })

    @Test(arguments: Flaw.allCases)
    func everyFlawIsFound(_ flaw: Flaw) async throws {
        for id in flaw.checks {
            let check = try #require(Self.checks[id], "there is no check of that name")
            let failure = await #expect(throws: ConformanceFailure.self, "\(id) finds nothing wrong") {
                try await Self.conformance(flaw).run(check)
            }
            #expect(failure?.check == id)
            #expect(failure?.rule == check.rule)
        }
    }

    @Test func everyCheckFindsAFlaw() {
        let finding = Set(Flaw.allCases.flatMap(\.checks))
        #expect(Set(Self.checks.keys).subtracting(finding).isEmpty)
    }

    @Test func aWrapperWithoutAFlawPasses() async throws {
        let conformance = CoordinatorConformance { options, body in
            let coordinator = try Wrapper(options: options, body: body)
            return CoordinatorConformance.Subject(coordinator) { try await coordinator.enqueue($0) }
        }
        #expect(try await conformance.failures().isEmpty)
    }

    @Test func aFailureNamesTheRuleAndWhatWasSeen() async throws {
        let check = try #require(Self.checks["theLimitIsReachedAndNeverExceeded"])
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await Self.conformance(.oneMoreThanTheLimit).run(check)
        }
        #expect(
            failure?.description == "theLimitIsReachedAndNeverExceeded: As many bodies run at a time as the limit "
                + "allows, and no more. But running bodies at a limit of 3: 4 instead of 3."
        )
    }

    @Test func typesThatRefuseInsteadOfWaitingAreSparedWhatIsAboutWaiting() {
        let refusing = CoordinatorConformance(waitsForRoom: false) { options, body in
            CoordinatorConformance.Subject(try WorkCoordinator<Int>(options: options, body: body)) { _ in }
        }
        let spared = Set(Self.checks.keys).subtracting(refusing.checks.map(\.id))
        #expect(
            spared == [
                "aFullQueueMakesItsCallersWait", "theEndOfTheIntakeReleasesWaitingCallers",
                "aCallerThatStopsWaitingLeavesNothing",
            ]
        )
    }

    @Test func errorsOfTheMakerAreHandedOn() async {
        struct NoSuchThing: Error {}
        let conformance = CoordinatorConformance { _, _ in throw NoSuchThing() }
        await #expect(throws: NoSuchThing.self) { _ = try await conformance.failures() }
    }
}

/// A coordinator that is another one inside.
private final class Wrapper: ControlledCoordinator {
    private let inner: WorkCoordinator<Int>
    var control: CoordinatorControl { inner.control }

    init(options: EphemeralOptions, body: @escaping CoordinatorConformance.Body) throws {
        inner = try WorkCoordinator(options: options, body: body)
    }

    func enqueue(_ item: Int) async throws { try await inner.enqueue(item) }
}
