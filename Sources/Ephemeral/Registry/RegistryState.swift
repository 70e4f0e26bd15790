/// The guarded state of a registry: what is registered, what has been made, who makes and who waits for whom.
struct RegistryState: Sendable {
    typealias Maker = @Sendable (CoordinatorRegistry) async throws -> any Coordinator
    typealias Continuation = CheckedContinuation<Attempt, any Error>
    /// The identity of one attempt to make a coordinator.
    typealias Creation = OperationID

    /// What a coordinator is found under: names of different types do not meet.
    struct Key: Hashable, Sendable {
        let type: ObjectIdentifier
        let name: String
    }

    /// How an attempt that somebody waited for ended, unless it failed.
    enum Attempt: Sendable {
        case made(any Coordinator)
        /// Its caller was cancelled, which is nobody else's failure.
        case abandoned
    }

    /// What a caller who asks for a coordinator does.
    enum Request: Sendable {
        case use(any Coordinator)
        case make(Creation, Maker)
        case wait(Creation)
        case refuse(CoordinatorError)
    }

    struct Registration: Sendable {
        let typeName: String
        let make: Maker
        var progress = Progress.unmade
    }

    enum Progress: Sendable {
        case unmade
        case inProgress(Creation)
        case made(any Coordinator)
    }

    private struct CreationRecord {
        let key: Key
        var waiters: [(id: UInt64, continuation: Continuation)] = []
        /// The attempts that its maker waits for.
        var awaited: [Creation] = []
    }

    private(set) var isClosed = false
    private(set) var registrations: [Key: Registration] = [:]
    /// In the order of creation.
    private(set) var coordinators: [(key: Key, coordinator: any Coordinator)] = []
    private var creations: [Creation: CreationRecord] = [:]
    private var cancelledEarly = EarlyCancellations()
    private var lastWaiter: UInt64 = 0

    init() {}

    /// A state with the same registrations, of which nothing has been made.
    init(registrationsOf other: RegistryState) {
        registrations = other.registrations.mapValues { Registration(typeName: $0.typeName, make: $0.make) }
    }

    /// - Returns: Why the registration is refused; `nil` when it is not.
    mutating func register(_ registration: Registration, as key: Key) -> CoordinatorError? {
        if isClosed { return .registryClosed }
        switch registrations[key]?.progress {
        case nil, .unmade:
            registrations[key] = registration
            return nil
        case .inProgress, .made:
            return CoordinatorError(
                code: .invalidArgument,
                message: "the \(registration.typeName) \(key.label) has been made; register before its first use"
            )
        }
    }

    /// Answers a caller; `requester` is the attempt that it is part of.
    mutating func request(_ key: Key, typeName: String, by requester: Creation?) -> Request {
        guard let registration = registrations[key] else { return .refuse(notConfigured(key, typeName)) }
        switch registration.progress {
        case .made(let coordinator): return .use(coordinator)
        case .unmade where isClosed: return .refuse(.registryClosed)
        case .unmade:
            let creation = Creation.next()
            registrations[key]?.progress = .inProgress(creation)
            creations[creation] = CreationRecord(key: key)
            if let requester { creations[requester]?.awaited.append(creation) }
            return .make(creation, registration.make)
        case .inProgress(let creation):
            guard let requester, creations[requester] != nil else { return .wait(creation) }
            if isAwaited(requester, by: creation) { return .refuse(circularity(key, typeName, requester)) }
            creations[requester]?.awaited.append(creation)
            return .wait(creation)
        }
    }

    /// Whether an attempt cannot end before another one does.
    private func isAwaited(_ other: Creation, by creation: Creation) -> Bool {
        creation == other || creations[creation]?.awaited.contains { isAwaited(other, by: $0) } ?? false
    }

    /// Ends an attempt, which has made a coordinator unless it failed.
    ///
    /// - Returns: Those who waited for it, and whether its coordinator came too late to be used.
    mutating func end(
        _ creation: Creation,
        with coordinator: (any Coordinator)?
    ) -> (waiters: [Continuation], isLate: Bool) {
        guard let record = creations.removeValue(forKey: creation) else { return ([], false) }
        let waiters = record.waiters.map(\.continuation)
        registrations[record.key]?.progress = .unmade
        guard let coordinator else { return (waiters, false) }
        guard !isClosed else { return (waiters, true) }
        registrations[record.key]?.progress = .made(coordinator)
        coordinators.append((record.key, coordinator))
        return (waiters, false)
    }

    // Waiting

    mutating func nextWaiter() -> UInt64 {
        lastWaiter += 1
        return lastWaiter
    }

    /// - Returns: How the wait ends at once; `nil` when the caller has to wait.
    mutating func wait(
        _ waiter: UInt64,
        for creation: Creation,
        _ continuation: Continuation
    ) -> Result<Attempt, any Error>? {
        if cancelledEarly.take(waiter) { return .failure(CancellationError()) }
        guard creations[creation] != nil else { return .success(.abandoned) }
        creations[creation]?.waiters.append((waiter, continuation))
        return nil
    }

    mutating func cancel(_ waiter: UInt64, for creation: Creation) -> Continuation? {
        cancelledEarly.note(waiter)
        guard let index = creations[creation]?.waiters.firstIndex(where: { $0.id == waiter }) else { return nil }
        return creations[creation]?.waiters.remove(at: index).continuation
    }

    mutating func forget(_ waiter: UInt64, of requester: Creation?, for creation: Creation) {
        cancelledEarly.forget(waiter)
        guard let requester, let index = creations[requester]?.awaited.firstIndex(of: creation) else { return }
        creations[requester]?.awaited.remove(at: index)
    }

    // The end

    mutating func close() { isClosed = true }

    /// The newest coordinator whose number is not among `numbers`; closes the registry when there is none.
    mutating func newest(besides numbers: Set<Int>) -> (number: Int, coordinator: any Coordinator)? {
        guard let number = coordinators.indices.last(where: { !numbers.contains($0) }) else {
            close()
            return nil
        }
        return (number, coordinators[number].coordinator)
    }
}
