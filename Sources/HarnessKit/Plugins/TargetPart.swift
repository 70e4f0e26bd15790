/// A target that another one is made of, as its options name it.
public struct TargetPart: Sendable, Equatable {
    /// Where it stands below the options, as `stages/0`: an object with `use` and `options`.
    public var path: String
    /// The id of the target plugin.
    public var use: String
    /// The plugin's options as written.
    public var options: JSONValue

    /// Creates a part.
    public init(path: String, use: String, options: JSONValue) {
        self.path = path
        self.use = use
        self.options = options
    }
}

extension TargetEnvironment {
    /// Makes an instance of a part with its own options.
    ///
    /// - Parameters:
    ///   - part: The part.
    ///   - body: What the part's operations do.
    ///   - observer: How the part tells what the body cannot see.
    /// - Returns: The instance.
    /// - Throws: ``PluginOptionError`` when there is no such plugin, and what keeps it from being made.
    public func make(
        _ part: TargetPart,
        body: OperationBody,
        observer: TargetObserver
    ) async throws -> any TargetInstance {
        guard let plugin = registry?.target(part.use) else {
            throw PluginOptionError(option: "\(part.path)/use", message: "'\(part.use)' is not a target plugin here")
        }
        var environment = self
        environment.body = body
        environment.observer = observer
        return try await plugin.makeInstance(options: part.options, environment: environment)
    }
}
