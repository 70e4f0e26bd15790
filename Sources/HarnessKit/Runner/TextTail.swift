internal import Synchronization

/// The end of a text that is too long to be kept.
package final class TextTail: Sendable {
    private let limit: Int
    private let kept = Mutex<[UInt8]>([])

    /// Creates an empty text.
    ///
    /// - Parameter limit: How many bytes are kept.
    package init(limit: Int = 4096) {
        self.limit = limit
    }

    /// Adds what came.
    package func append(_ bytes: some Sequence<UInt8>) {
        kept.withLock { kept in
            kept += bytes
            kept.removeFirst(max(0, kept.count - limit))
        }
    }

    /// The lines that are not empty; the first one may be a part of one.
    package var lines: [Substring] {
        String(decoding: kept.withLock(\.self), as: UTF8.self).split(whereSeparator: \.isNewline)
    }
}
