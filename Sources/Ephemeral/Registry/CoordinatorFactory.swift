/// The coordinators of one type in a registry: what a part of a program is given that uses these and no others.
///
/// ```swift
/// struct Newsletter {
///     let mails: CoordinatorFactory<WorkCoordinator<Mail>>
///
///     func send(_ mail: Mail) async throws {
///         try await mails.coordinator(named: "bulk").enqueue(mail)
///     }
/// }
/// let newsletter = Newsletter(mails: registry.factory())
/// ```
public struct CoordinatorFactory<Managed: Coordinator>: Sendable {
    let registry: CoordinatorRegistry

    /// The coordinator of a name; the first call makes it.
    ///
    /// **Cancellation**: as for ``CoordinatorRegistry/coordinator(_:named:)``.
    ///
    /// - Parameter name: The name that it was registered under.
    /// - Returns: The coordinator, the same at every call.
    /// - Throws: As ``CoordinatorRegistry/coordinator(_:named:)`` does.
    public func coordinator(named name: String = "") async throws -> Managed {
        try await registry.coordinator(Managed.self, named: name)
    }
}

extension CoordinatorRegistry {
    /// The coordinators of one type.
    ///
    /// - Parameter type: The type of coordinator.
    /// - Returns: A view of this registry.
    public func factory<Managed: Coordinator>(for type: Managed.Type = Managed.self) -> CoordinatorFactory<Managed> {
        CoordinatorFactory(registry: self)
    }

    /// Registers a work coordinator by its body; see ``register(_:named:factory:)``.
    ///
    /// - Parameters:
    ///   - name: Its name; the empty one for the only one of its type.
    ///   - options: How it behaves.
    ///   - body: What is done with each item.
    /// - Throws: As ``register(_:named:factory:)`` does. Options outside their range show when the coordinator is made.
    public func registerWorkCoordinator<Item: Sendable>(
        named name: String = "",
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        try register(WorkCoordinator<Item>.self, named: name) { _ in try WorkCoordinator(options: options, body: body) }
    }

    /// The work coordinator of an item type and a name; see ``coordinator(_:named:)``.
    ///
    /// - Parameters:
    ///   - item: The type of its items.
    ///   - name: The name that it was registered under.
    /// - Returns: The coordinator, the same at every call.
    /// - Throws: As ``coordinator(_:named:)`` does.
    public func workCoordinator<Item: Sendable>(
        of item: Item.Type = Item.self,
        named name: String = ""
    ) async throws -> WorkCoordinator<Item> {
        try await coordinator(WorkCoordinator<Item>.self, named: name)
    }
}
