internal import EphemeralTime
internal import Synchronization

/// What became of the items of a `forEach`.
public struct ForEachSummary: Sendable {
    /// Items whose body returned.
    public var completed: Int
    /// Items whose body threw.
    public var failed: Int
    /// Items that were dropped, by a cancel signal or because another one failed.
    public var cancelled: Int
    /// The first errors, 16 at most, in the order in which they occurred.
    public var firstErrors: [any Error]
}

/// What a `forEach` does when a body throws.
public enum ForEachErrorPolicy: Sendable {
    /// It goes on; the summary tells.
    case collect
    /// It takes no more items, cancels the running bodies, waits for them and throws the first error.
    case failFast
}

extension Sequence where Self: Sendable, Element: Sendable {
    /// Runs a body over all elements, a bounded number at a time, and returns when all have ended.
    ///
    /// Elements are taken from the sequence as bodies end, at most 32 ahead; memory does not grow with their number.
    /// Signal rules of the options hold as they do for a coordinator. Task-local values reach the bodies.
    ///
    /// ```swift
    /// let summary = try await files.forEach(options: EphemeralOptions(maxConcurrency: 8)) { file in
    ///     try await upload(file)
    /// }
    /// ```
    ///
    /// **Ordering**: bodies start in the order of the elements.
    ///
    /// **Cancellation**: no more elements are taken, running bodies are cancelled and waited for; then throws
    /// `CancellationError`.
    ///
    /// - Parameters:
    ///   - options: How the work is done.
    ///   - errorPolicy: What happens when a body throws.
    ///   - body: What is done with each element.
    /// - Returns: How many elements came to which end.
    /// - Throws: With ``ForEachErrorPolicy/failFast`` the first error of a body; ``CoordinatorError`` when an option is
    ///   outside its range.
    @inlinable
    @discardableResult
    public func forEach(
        options: EphemeralOptions,
        errorPolicy: ForEachErrorPolicy = .collect,
        body: @escaping @Sendable (_ element: Element, _ context: OperationContext) async throws -> Void
    ) async throws -> ForEachSummary {
        let errors = ForEachErrors(policy: errorPolicy)
        let engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: ArrivalQueue<Element, Unrouted>(),
            base: EngineBase(options: options, inheritsContext: true),
            source: PullSource(self) { _ in Unrouted() },
            body: errors.recording(body)
        )
        return try await ForEachRun(engine: engine, errors: errors, options: options).pullAll()
    }

    /// Runs a body over all elements that does not look at its operation; see the form with a context.
    ///
    /// - Parameters:
    ///   - options: How the work is done.
    ///   - errorPolicy: What happens when a body throws.
    ///   - body: What is done with each element.
    /// - Returns: How many elements came to which end.
    /// - Throws: As the form with a context does.
    @inlinable
    @discardableResult
    public func forEach(
        options: EphemeralOptions,
        errorPolicy: ForEachErrorPolicy = .collect,
        body: @escaping @Sendable (_ element: Element) async throws -> Void
    ) async throws -> ForEachSummary {
        try await forEach(options: options, errorPolicy: errorPolicy) { element, _ in try await body(element) }
    }
}

extension AsyncSequence where Self: Sendable, Element: Sendable {
    /// Runs a body over all elements, a bounded number at a time, and returns when all have ended.
    ///
    /// Elements are taken at most 32 ahead of the running bodies.
    ///
    /// **Ordering**: bodies start in the order of the elements.
    ///
    /// **Cancellation**: no more elements are taken, running bodies are cancelled and waited for; then throws
    /// `CancellationError`.
    ///
    /// - Parameters:
    ///   - options: How the work is done.
    ///   - errorPolicy: What happens when a body throws.
    ///   - body: What is done with each element.
    /// - Returns: How many elements came to which end.
    /// - Throws: What the sequence throws, after the bodies have ended; with ``ForEachErrorPolicy/failFast`` the first error
    ///   of a body; ``CoordinatorError`` when an option is outside its range.
    @discardableResult
    public func forEach(
        options: EphemeralOptions,
        errorPolicy: ForEachErrorPolicy = .collect,
        body: @escaping @Sendable (_ element: Element, _ context: OperationContext) async throws -> Void
    ) async throws -> ForEachSummary {
        let errors = ForEachErrors(policy: errorPolicy)
        var options = options
        options.queueCapacity = 32
        let engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: ArrivalQueue<Element, Unrouted>(),
            base: EngineBase(options: options, inheritsContext: true),
            source: nil,
            body: errors.recording(body)
        )
        return try await ForEachRun(engine: engine, errors: errors, options: options).feedAll(self) { _ in Unrouted() }
    }
}

/// One call of `forEach`: its engine and its end.
@usableFromInline
struct ForEachRun<Queue: WorkQueue>: Sendable {
    let engine: WorkEngine<Queue>
    let errors: ForEachErrors

    @usableFromInline
    init(engine: WorkEngine<Queue>, errors: ForEachErrors, options: EphemeralOptions) {
        self.engine = engine
        self.errors = errors
        // Strong until the end: a weak reference would make every use of the engine slower.
        errors.onFirst.withLock { $0 = { [engine] in engine.cancel() } }
        engine.attachRules(options)
    }

    @usableFromInline
    func pullAll() async throws -> ForEachSummary {
        engine.beginPulling()
        return try await finish(sourceError: nil)
    }

    func feedAll<Source: AsyncSequence & Sendable>(
        _ source: Source,
        route: @escaping @Sendable (Queue.Item) -> Queue.Route
    ) async throws -> ForEachSummary where Source.Element == Queue.Item {
        let sourceError = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask(name: "Ephemeral feed") { await feed(source, route: route) }
            // The sequence may be silent when a body fails or the caller is cancelled: the feed must not be waited for
            // alone.
            try? await engine.wait(for: .drained)
            group.cancelAll()
            return await group.next() ?? nil
        }
        // Many sequences answer cancellation by their end.
        return try await finish(sourceError: sourceError ?? (Task.isCancelled ? CancellationError() : nil))
    }

    private func feed<Source: AsyncSequence>(
        _ source: Source,
        route: (Queue.Item) -> Queue.Route
    ) async -> (any Error)? where Source.Element == Queue.Item {
        defer { engine.finish() }
        do {
            for try await element in source { _ = try await engine.enqueue(element, route: route(element)) }
            return nil
        } catch let error as CoordinatorError where error.code == .completed {
            return nil
        } catch {
            return error
        }
    }

    private func finish(sourceError: (any Error)?) async throws -> ForEachSummary {
        let wasCancelled: Bool
        do {
            try await engine.wait(for: .drained)
            wasCancelled = Task.isCancelled && sourceError is CancellationError
        } catch {
            wasCancelled = true
        }
        engine.cancel()
        engine.detachRules()
        errors.onFirst.withLock { $0 = nil }
        await engine.join()
        if wasCancelled { throw CancellationError() }
        let first = errors.collected
        if case .failFast = errors.policy, let error = first.first { throw error }
        if let sourceError { throw sourceError }
        let stats = engine.withWholeState { $0.core.stats }
        return ForEachSummary(
            completed: stats.completed,
            failed: stats.failed,
            cancelled: stats.cancelled,
            firstErrors: first
        )
    }
}

/// The errors of a `forEach`.
@usableFromInline
final class ForEachErrors: Sendable {
    let policy: ForEachErrorPolicy
    let onFirst = Mutex<(@Sendable () -> Void)?>(nil)
    private let errors = Mutex<[any Error]>([])
    private static let limit = 16

    @usableFromInline
    init(policy: ForEachErrorPolicy) { self.policy = policy }

    var collected: [any Error] { errors.withLock { $0 } }

    @inlinable
    func recording<Element>(
        _ body: @escaping @Sendable (Element, OperationContext) async throws -> Void
    ) -> @Sendable (Element, OperationContext) async throws -> Void {
        { element, context in
            do {
                try await body(element, context)
            } catch {
                self.record(error)
                throw error
            }
        }
    }

    @usableFromInline
    func record(_ error: any Error) {
        let isFirst = errors.withLock { errors in
            if errors.count < Self.limit { errors.append(error) }
            return errors.count == 1
        }
        guard isFirst, case .failFast = policy else { return }
        onFirst.withLock { $0 }?()
    }
}
