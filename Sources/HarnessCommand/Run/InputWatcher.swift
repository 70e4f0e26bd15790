internal import Foundation

/// Notices the end of standard input: whoever started this process is gone, or wants it gone.
enum InputWatcher {
    /// Reads and forgets what comes, and calls a closure at the end, on a thread of its own.
    static func start(_ onEnd: @escaping @Sendable () -> Void) {
        let thread = Thread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            onEnd()
        }
        thread.name = "harness-input"
        thread.start()
    }
}
