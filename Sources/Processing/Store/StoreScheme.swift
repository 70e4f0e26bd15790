/// A kind of store that can be opened by an address, as `sqlite:/var/lib/shop/jobs.db`.
public struct StoreScheme: Sendable {
    /// What stands before the colon of an address.
    public let name: String
    /// An address of this kind, for messages.
    public let example: String
    private let make: @Sendable (_ address: String) async throws -> any ProcessingStore

    /// Creates a kind of store.
    ///
    /// - Parameters:
    ///   - name: What stands before the colon of an address.
    ///   - example: An address of this kind, for messages.
    ///   - open: Opens the store of an address; gets all of it. Throws ``ProcessingError`` when it cannot be opened, fast.
    public init(
        name: String,
        example: String,
        open: @escaping @Sendable (_ address: String) async throws -> any ProcessingStore
    ) {
        self.name = name
        self.example = example
        make = open
    }

    func open(_ address: String) async throws -> any ProcessingStore { try await make(address) }
}

/// The kinds of stores that a program can open by address.
public struct StoreCatalogue: Sendable {
    private let schemes: [StoreScheme]

    /// Creates a catalogue.
    ///
    /// - Parameter schemes: The kinds of stores; the names differ.
    /// - Throws: ``ProcessingError`` with code `invalidArgument` when two have the same name.
    public init(_ schemes: [StoreScheme] = []) throws {
        var names: Set<String> = []
        for scheme in schemes where !names.insert(scheme.name).inserted {
            throw ProcessingError(
                code: .invalidArgument,
                message: "there are two kinds of stores named '\(scheme.name)'; leave one of them out"
            )
        }
        self.schemes = schemes
    }

    /// Opens a store.
    ///
    /// - Parameter address: Its kind, a colon, and what that kind makes of the rest.
    /// - Returns: The store.
    /// - Throws: ``ProcessingError``; with code `invalidArgument` when no kind has the name.
    public func open(_ address: String) async throws -> any ProcessingStore {
        func refuse(_ message: String) -> ProcessingError {
            let known = schemes.map(\.example)
            let hint = known.isEmpty ? "this program knows no kind of store" : "give \(known.joined(separator: " or "))"
            return ProcessingError(code: .invalidArgument, message: "\(message); \(hint)")
        }
        let name = address.prefix { $0 != ":" }
        guard name.count < address.count else { throw refuse("'\(address)' is no address of a store") }
        if name == "memory" {
            throw refuse(
                "a store in memory lives in the process that uses it, and there is nothing to see from outside"
            )
        }
        guard let scheme = schemes.first(where: { $0.name == name }) else {
            throw refuse("there is no kind of store named '\(name)'")
        }
        return try await scheme.open(address)
    }
}
