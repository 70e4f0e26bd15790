internal import GRDB

/// What a success of a store promises about power cuts.
///
/// No choice loses anything when only the process is killed.
public enum SQLiteDurability: String, Sendable, Hashable, CaseIterable {
    /// What was answered with success is on the disk.
    case full
    /// The last changes before a power cut may be undone together; the file stays consistent. Backups of critical
    /// operations are refused.
    case relaxed

    var pragma: String {
        switch self {
        case .full: "FULL"
        case .relaxed: "NORMAL"
        }
    }
}
