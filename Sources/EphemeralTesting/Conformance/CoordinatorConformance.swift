public import Ephemeral

/// Checks that a type keeps every promise of the `Coordinator` protocol, one rule at a time.
///
/// The suite knows no test framework: a check throws ``ConformanceFailure``, or it does not. With Swift Testing each check
/// becomes a test of its own:
///
/// ```swift
/// struct MailerConformanceTests {
///     @Test(arguments: CoordinatorConformance.allChecks)
///     func aMailerKeepsTheRules(_ check: ConformanceCheck) async throws {
///         let conformance = CoordinatorConformance { options, body in
///             let mailer = try Mailer(options: options, body: body)
///             return CoordinatorConformance.Subject(mailer) { try await mailer.enqueue($0) }
///         }
///         try await conformance.run(check)
///     }
/// }
/// ```
///
/// Checks make coordinators of their own. Nearly all run on a ``ManualTaskExecutor`` and a ``ManualTimeSource``, which
/// the options contain, so they come out the same every time; a promise to come back that is not kept is found by there
/// being nothing left to run, not by waiting.
public struct CoordinatorConformance: Sendable {
    /// What a coordinator does with an item.
    public typealias Body = @Sendable (_ item: Int) async throws -> Void
    /// What makes the coordinators that are checked.
    public typealias Maker = @Sendable (_ options: EphemeralOptions, _ body: @escaping Body) throws -> Subject

    /// A coordinator and the way to bring it items.
    public struct Subject: Sendable {
        /// The coordinator.
        public let coordinator: any Coordinator
        /// Brings it an item.
        public let enqueue: @Sendable (_ item: Int) async throws -> Void

        /// Creates a subject.
        ///
        /// - Parameters:
        ///   - coordinator: The coordinator.
        ///   - enqueue: Brings it an item, and throws what it throws. No two items of a check are equal: one that orders
        ///     items by key uses the item as the key.
        public init(_ coordinator: any Coordinator, enqueue: @escaping @Sendable (_ item: Int) async throws -> Void) {
            self.coordinator = coordinator
            self.enqueue = enqueue
        }
    }

    /// Whether callers that find the queue full wait for room.
    public let waitsForRoom: Bool
    /// How long bodies that block their threads wait for each other before the check fails.
    package var patience: Duration = .seconds(10)
    let make: Maker

    /// Creates a suite for one type.
    ///
    /// - Parameters:
    ///   - waitsForRoom: Whether callers that find the queue full wait for room; `false` for types that refuse the item
    ///     instead, to which some checks do not apply.
    ///   - make: What makes the coordinators: with these options, for this body.
    public init(waitsForRoom: Bool = true, make: @escaping Maker) {
        self.waitsForRoom = waitsForRoom
        self.make = make
    }

    /// All checks there are.
    public static let allChecks: [ConformanceCheck] = [
        AccountingChecks.all, FlowChecks.all, DrainChecks.all, CancellationChecks.all, WindowChecks.all,
        LimitChecks.all, IntakeChecks.all, CallbackChecks.all, SignalChecks.all, LoadChecks.all,
    ].flatMap(\.self)

    /// The checks that apply to the type.
    public var checks: [ConformanceCheck] {
        Self.allChecks.filter { waitsForRoom || !$0.isAboutWaiting }
    }

    /// Runs one check.
    ///
    /// **Cancellation**: reaches the coordinator's callers in the checks that use threads; the others take no notice.
    ///
    /// - Parameter check: The check.
    /// - Throws: ``ConformanceFailure`` when the type breaks the rule; what the maker throws.
    public func run(_ check: ConformanceCheck) async throws {
        let stage = ConformanceStage(check: check, make: make, patience: patience)
        do {
            try await check.body(stage)
        } catch {
            stage.end()
            throw error
        }
        stage.end()
    }

    /// Runs the checks that apply to the type, all of them whatever their outcome.
    ///
    /// - Returns: The rules that the type breaks; none when it conforms.
    /// - Throws: What the maker throws.
    public func failures() async throws -> [ConformanceFailure] {
        var failures: [ConformanceFailure] = []
        for check in checks {
            do {
                try await run(check)
            } catch let failure as ConformanceFailure {
                failures.append(failure)
            }
        }
        return failures
    }
}
