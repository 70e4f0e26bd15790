/// Something that goes wrong in a part of a target because the timeline says so.
public struct TargetFault: Sendable, Hashable {
    /// What goes wrong.
    public var kind: Kind
    /// Where.
    public var scope: Scope
    /// How much longer everything takes; of a delay only.
    public var delay: Duration?

    /// What goes wrong.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// It ends at once and without notice.
        case kill
        /// It does not answer, and goes on where it was afterwards.
        case stall
        /// It answers later than usual.
        case delay
        /// Its connections break, and there are no new ones meanwhile.
        case cut

        /// Whether it lasts for a while.
        var lasts: Bool { self != .kill }
    }

    /// Where something goes wrong.
    public enum Scope: String, Sendable, CaseIterable, Codable {
        /// In one of those who run operations.
        case worker
        /// Between the target and what keeps its operations.
        case store
    }

    /// Creates a fault.
    public init(_ kind: Kind, of scope: Scope, delay: Duration? = nil) {
        self.kind = kind
        self.scope = scope
        self.delay = delay
    }
}

extension TargetFault: CustomStringConvertible {
    /// The text shown to people.
    public var description: String {
        "\(kind.rawValue) \(scope.rawValue)" + (delay.map { " by \($0.text)" } ?? "")
    }
}

/// A running system in which the timeline can make something go wrong.
///
/// What can go wrong is named by ``TargetCapabilities/faults``.
public protocol FaultyInstance: TargetInstance {
    /// Lets something go wrong; does not wait.
    ///
    /// - Throws: Whatever keeps it from going wrong with the options of this target; the run says so.
    func begin(_ fault: TargetFault) throws

    /// Lets it go right again.
    func end(_ fault: TargetFault)
}
