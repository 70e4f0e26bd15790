/// What a critical operation throws that has failed: its error, and where its backup is.
public struct CriticalFailure: Error, Sendable {
    /// Where a backup was acknowledged, if anywhere.
    public enum Backup: String, Sendable, Hashable {
        /// In the store.
        case store
        /// In the local journal, because the store did not take it; it is copied up later.
        case journal
        /// Nowhere: neither store nor journal took it.
        case none
        /// Nobody knows: no place has acknowledged it, and one that was asked did not answer.
        case unknown
    }

    /// The identity of the operation, for trying it again.
    public var operationID: EmergencyID
    /// Where the backup is.
    public var backup: Backup
    /// The error that the processor threw.
    public var underlyingError: any Error
}

extension CriticalFailure: CustomStringConvertible {
    /// The text shown to people.
    public var description: String {
        let rescue =
            switch backup {
            case .store: "it is backed up and can be tried again"
            case .journal: "it is backed up in the local journal, because the store did not take the backup"
            case .unknown:
                "nobody knows whether it is backed up: a store that was asked did not answer; look for it before trying again"
            case .none: "it is NOT backed up: neither store nor journal took the backup"
            }
        return "critical operation '\(operationID)' failed; \(rescue) (because of: \(underlyingError))"
    }
}
