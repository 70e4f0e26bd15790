public import EphemeralTime
internal import Synchronization

/// Coordinators by name: a program says in one place how each is made, and the rest of it asks for them.
///
/// ```swift
/// let registry = CoordinatorRegistry()
/// try registry.register(named: "mail") { _ in
///     try WorkCoordinator<Mail>(options: EphemeralOptions(maxConcurrency: 4)) { mail in try await mail.send() }
/// }
/// let mails = try await registry.coordinator(WorkCoordinator<Mail>.self, named: "mail")
/// try await mails.enqueue(mail)
/// try await registry.drain()
/// await registry.shutdown()
/// ```
///
/// A coordinator is made when it is first asked for, once, however many ask at the same moment; everybody gets the same
/// one. A factory that throws has made nothing: those who waited for it get its error, and the next caller tries again.
/// Names belong to a type: a `WorkCoordinator<Mail>` and a `WorkCoordinator<Order>` may have the same one. The name of
/// those that need none is the empty one.
///
/// **Ordering**: ``drain()`` and ``shutdown()`` go from the newest coordinator to the oldest. One whose factory asks for
/// another is newer than that, so it is emptied while the other still takes input.
public final class CoordinatorRegistry: Sendable {
    let state: Mutex<RegistryState>
    let time: any TimeSource
    /// The attempt to make a coordinator that the current task is part of.
    @TaskLocal private static var currentCreation: RegistryState.Creation?

    /// Creates a registry that knows no coordinators.
    ///
    /// - Parameter time: The clock of ``drain(timeout:)``.
    public convenience init(time: any TimeSource = .system) {
        self.init(RegistryState(), time: time)
    }

    private init(_ state: consuming RegistryState, time: any TimeSource) {
        self.state = Mutex(state)
        self.time = time
    }

    /// A registry with the same factories and coordinators of its own, for a part of a program that ends earlier.
    ///
    /// - Returns: The registry; it is drained and shut down by itself.
    public func scope() -> CoordinatorRegistry {
        CoordinatorRegistry(RegistryState(registrationsOf: state.withLock { $0 }), time: time)
    }

    /// Says how a coordinator is made when it is first asked for.
    ///
    /// Replaces what was registered before under this name for this type.
    ///
    /// - Parameters:
    ///   - type: The type of coordinator.
    ///   - name: Its name; the empty one for the only one of its type.
    ///   - factory: What makes it. It may ask the registry, which it gets, for other coordinators; it runs outside all
    ///     locks, and again if it threw.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when the coordinator has been made or is being made,
    ///   `completed` when the registry was drained or shut down.
    public func register<Managed: Coordinator>(
        _ type: Managed.Type = Managed.self,
        named name: String = "",
        factory: @escaping @Sendable (_ registry: CoordinatorRegistry) async throws -> Managed
    ) throws {
        let registration = RegistryState.Registration(typeName: "\(type)", make: factory)
        let refusal = state.withLock { $0.register(registration, as: RegistryState.Key(type, name)) }
        if let refusal { throw refusal }
    }

    /// The coordinator of a name; the first call makes it.
    ///
    /// **Cancellation**: ends the wait for a coordinator that another task makes with `CancellationError`. A factory that
    /// this call runs is cancelled with its task; those who wait for it then go on to run the factory themselves.
    ///
    /// - Parameters:
    ///   - type: The type of coordinator.
    ///   - name: The name that it was registered under.
    /// - Returns: The coordinator, the same at every call.
    /// - Throws: ``CoordinatorError`` with code `notConfigured` when there is none of this type and name, `completed` when
    ///   it was not made before the registry was drained or shut down, `invalidArgument` when factories ask for each other
    ///   in a circle; and what the factory throws.
    public func coordinator<Managed: Coordinator>(
        _ type: Managed.Type = Managed.self,
        named name: String = ""
    ) async throws -> Managed {
        let coordinator = try await resolve(RegistryState.Key(type, name), typeName: "\(type)")
        guard let coordinator = coordinator as? Managed else {
            preconditionFailure("a factory is registered under the type of what it makes")
        }
        return coordinator
    }

    private func resolve(_ key: RegistryState.Key, typeName: String) async throws -> any Coordinator {
        let requester = Self.currentCreation
        while true {
            switch state.withLock({ $0.request(key, typeName: typeName, by: requester) }) {
            case .use(let coordinator): return coordinator
            case .refuse(let error): throw error
            case .make(let creation, let factory): return try await make(creation, factory)
            case .wait(let creation):
                if case .made(let coordinator) = try await attempt(creation, requester) { return coordinator }
            }
        }
    }

    private func make(
        _ creation: RegistryState.Creation,
        _ factory: RegistryState.Maker
    ) async throws -> any Coordinator {
        let coordinator: any Coordinator
        do {
            coordinator = try await Self.$currentCreation.withValue(creation) { try await factory(self) }
        } catch {
            let isAbandoned = Task.isCancelled
            for waiter in state.withLock({ $0.end(creation, with: nil) }).waiters {
                if isAbandoned { waiter.resume(returning: .abandoned) } else { waiter.resume(throwing: error) }
            }
            throw error
        }
        let (waiters, isLate) = state.withLock { $0.end(creation, with: coordinator) }
        guard isLate else {
            for waiter in waiters { waiter.resume(returning: .made(coordinator)) }
            return coordinator
        }
        for waiter in waiters { waiter.resume(throwing: CoordinatorError.registryClosed) }
        await coordinator.shutdown()
        throw CoordinatorError.registryClosed
    }

    /// Suspends until an attempt of another task has ended.
    private func attempt(
        _ creation: RegistryState.Creation,
        _ requester: RegistryState.Creation?
    ) async throws -> RegistryState.Attempt {
        let waiter = state.withLock { $0.nextWaiter() }
        defer { state.withLock { $0.forget(waiter, of: requester, for: creation) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer = state.withLock { $0.wait(waiter, for: creation, continuation) }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            state.withLock { $0.cancel(waiter, for: creation) }?.resume(throwing: CancellationError())
        }
    }
}
