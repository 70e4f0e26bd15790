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
}
