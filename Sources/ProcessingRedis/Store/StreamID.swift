/// The place of an entry in a stream.
struct StreamID: Sendable, Hashable, Comparable, CustomStringConvertible {
    let time: UInt64
    let number: UInt64

    /// Before all entries.
    static let zero = StreamID(time: 0, number: 0)

    private init(time: UInt64, number: UInt64) {
        self.time = time
        self.number = number
    }

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = UInt64(parts[0]), let number = UInt64(parts[1]) else { return nil }
        self.init(time: time, number: number)
    }

    var description: String { "\(time)-\(number)" }

    static func < (left: StreamID, right: StreamID) -> Bool {
        (left.time, left.number) < (right.time, right.number)
    }
}
