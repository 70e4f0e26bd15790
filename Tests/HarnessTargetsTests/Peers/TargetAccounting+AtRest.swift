import HarnessKit

extension TargetAccounting {
    /// Counts of a peer at rest.
    static func of(enqueued: Int = 0, completed: Int = 0, failed: Int = 0, cancelled: Int = 0) -> TargetAccounting {
        var accounting = TargetAccounting()
        accounting.enqueued = enqueued
        accounting.pending = 0
        accounting.active = 0
        accounting.completed = completed
        accounting.failed = failed
        accounting.cancelled = cancelled
        return accounting
    }
}
