internal import Foundation

/// Tells when the standard input of this process ends: whoever started it is gone, or wants it gone.
enum InputWatcher {
    /// Calls `handler` on a thread of its own once the standard input has ended.
    static func whenEnded(_ handler: @escaping @Sendable () -> Void) {
        let thread = Thread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            handler()
        }
        thread.name = "harness-input"
        thread.start()
    }
}
