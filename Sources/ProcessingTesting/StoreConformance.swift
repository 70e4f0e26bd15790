public import EphemeralTesting
public import Processing

/// Checks that a type keeps every promise of the `ProcessingStore` protocol, one rule at a time.
///
/// The suite knows no test framework: a check throws `ConformanceFailure`, or it does not. With Swift Testing each check
/// becomes a test of its own:
///
/// ```swift
/// struct CloudStoreConformanceTests {
///     @Test(arguments: StoreConformance.allChecks)
///     func theStoreKeepsTheRules(_ check: StoreCheck) async throws {
///         let conformance = StoreConformance {
///             let time = ManualTimeSource()
///             return StoreConformance.Subject(CloudStore(time: time), time: time)
///         }
///         try await conformance.run(check)
///     }
/// }
/// ```
///
/// Every check gets a store of its own, which is empty, and shuts it down.
public struct StoreConformance: Sendable {
    /// What makes the stores that are checked, each of them empty.
    public typealias Maker = @Sendable () async throws -> Subject

    /// A store, and the way to let its time pass.
    public struct Subject: Sendable {
        /// The store.
        public let store: any ProcessingStore
        /// A short time within which the store does several calls; leases and delays of checks last a few of it.
        public let unit: Duration
        /// Lets this much of the store's time pass.
        public let advance: @Sendable (_ duration: Duration) async throws -> Void
        /// Returns when a claim waits in the store; one that cannot know may return at once.
        public let untilWaiting: @Sendable () async throws -> Void

        /// Creates a subject whose time is not at hand.
        ///
        /// - Parameters:
        ///   - store: The store, empty.
        ///   - unit: A short time, within which the store does several calls.
        ///   - advance: Lets this much of the store's time pass, at least.
        ///   - untilWaiting: Returns when a claim waits in the store; one that cannot know may return at once.
        public init(
            _ store: any ProcessingStore,
            unit: Duration,
            advance: @escaping @Sendable (_ duration: Duration) async throws -> Void,
            untilWaiting: @escaping @Sendable () async throws -> Void = {}
        ) {
            self.store = store
            self.unit = unit
            self.advance = advance
            self.untilWaiting = untilWaiting
        }

        /// Creates a subject on a clock that is moved by hand.
        ///
        /// - Parameters:
        ///   - store: The store, empty, on this clock.
        ///   - time: The clock.
        public init(_ store: any ProcessingStore, time: ManualTimeSource) {
            self.init(
                store,
                unit: .seconds(1),
                advance: { time.advance(by: $0) },
                untilWaiting: { try await time.nextSleep() }
            )
        }
    }

    /// How long a call that must come back may take, by the machine's clock.
    package var patience: Duration = .seconds(20)
    let make: Maker

    /// Creates a suite for one type.
    ///
    /// - Parameter make: What makes the stores.
    public init(make: @escaping Maker) {
        self.make = make
    }

    /// All checks there are.
    public static let allChecks: [StoreCheck] = [
        IntakeChecks.all, ClaimChecks.all, SettlementChecks.all, LeaseChecks.all, DeadLetterChecks.all,
        AccountingChecks.all, EmergencyChecks.all, EmergencyExpiryChecks.all, EndChecks.all,
    ].flatMap(\.self)

    /// Runs one check.
    ///
    /// - Parameter check: The check.
    /// - Throws: `ConformanceFailure` when the type breaks the rule; what the maker throws.
    public func run(_ check: StoreCheck) async throws {
        let subject = try await make()
        let stage = StoreStage(check: check, subject: subject, patience: patience)
        do {
            try await check.body(stage)
        } catch {
            await subject.store.shutdown()
            // What a check expects to be thrown it catches itself.
            throw error is ProcessingError ? stage.failure("a call threw \(error)") : error
        }
        await subject.store.shutdown()
    }

    /// Runs all checks, whatever their outcome.
    ///
    /// - Returns: The rules that the type breaks; none when it conforms.
    /// - Throws: What the maker throws.
    public func failures() async throws -> [ConformanceFailure] {
        var failures: [ConformanceFailure] = []
        for check in Self.allChecks {
            do {
                try await run(check)
            } catch let failure as ConformanceFailure {
                failures.append(failure)
            }
        }
        return failures
    }
}

/// One rule that stores keep, and the way to find out.
public struct StoreCheck: Sendable, Identifiable, CustomStringConvertible {
    /// What the check is called.
    public let id: String
    /// The rule, as a sentence.
    public let rule: String
    let body: @Sendable (StoreStage) async throws -> Void

    init(_ id: String, _ rule: String, body: @escaping @Sendable (StoreStage) async throws -> Void) {
        self.id = id
        self.rule = rule
        self.body = body
    }

    /// The text shown to people.
    public var description: String { id }
}

extension StoreConformance {
    /// Lets many store, claim, settle and lose jobs of an empty store, for as long as nothing is wrong.
    ///
    /// In every reading all jobs are accounted for, and no job is done twice.
    ///
    /// - Parameters:
    ///   - subject: The store.
    ///   - jobs: How many jobs are stored.
    ///   - producers: How many store them at once.
    ///   - workers: How many work them off at once.
    ///   - seed: What the disturbances are drawn from.
    /// - Returns: The status in the end, when every job is done or dead.
    /// - Throws: `ConformanceFailure` when something is wrong; what the store throws.
    public static func stress(
        _ subject: Subject,
        jobs: Int,
        producers: Int,
        workers: Int,
        seed: UInt64
    ) async throws -> QueueStatus {
        let stage = StoreStage(check: AccountingChecks.underLoad, subject: subject, patience: .seconds(20))
        let load = StoreLoad(stage: stage, seed: seed)
        try await load.run(producers: producers, workers: workers, jobs: jobs)
        try stage.require(load.commits.values.filter { $0 > 1 }.count, is: 0, "jobs done more than once")
        return try await stage.status()
    }
}
