/// How far a download is, as a pure value: it says when there is something new to report.
struct DownloadProgress: Sendable {
    private let length: Int?
    private(set) var received = 0
    private var reported = 0

    /// - Parameter length: How many bytes there will be; `nil` when that is unknown.
    init(length: Int?) { self.length = length.map { max(0, $0) } }

    /// Bytes have arrived.
    ///
    /// - Returns: The whole percentage that is reached now; `nil` when that is no news, or unknown. 100 comes at the end.
    mutating func add(_ count: Int) -> Int? {
        received += count
        // A server may send more than it has announced; all is there when the body has ended.
        guard let length, received < length else { return nil }
        let percentage = Int(Double(received) / Double(length) * 100)
        guard percentage > reported else { return nil }
        reported = percentage
        return percentage
    }

    /// Whether less has arrived than was announced.
    var isTruncated: Bool { length.map { received < $0 } ?? false }
}
