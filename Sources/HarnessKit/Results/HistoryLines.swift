/// A history as JSON lines, one event per line, as run folders keep it in `history/<target>-<repetition>.jsonl`.
///
/// `{"t":1200,"event":"started","op":7,"key":3,"attempt":1}`: times in nanoseconds from the start of the run. Keys that say
/// nothing are left out: `key` 0, `attempt` 0, no `error`; `lane` is there when the scenario names lanes. Signals have `signal` instead of an operation. A history that is
/// cut ends in a line with `truncated`, the number of events that are missing.
public struct HistoryLines: Sendable {
    /// How many events the run folder of one scenario holds in all: about 70 MB.
    public static let eventsPerFolder = 1_000_000

    private let history: History

    /// Creates lines of a history.
    public init(_ history: History) {
        self.history = history
    }

    /// The text.
    ///
    /// - Parameter limit: The most events that are written.
    /// - Returns: Lines in ASCII, except for names of signals and errors.
    public func bytes(limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        let count = min(limit, history.events.count)
        bytes.reserveCapacity(count * 72)
        let signals = history.signalNames.map { Array(JSONValue.string($0).canonicalText.utf8) }
        let lanes = history.laneNames.map { Array(JSONValue.string($0).canonicalText.utf8) }
        let errors = history.errorNames.map { Array(JSONValue.string($0).canonicalText.utf8) }
        for event in history.events.prefix(count) {
            Self.append("{\"t\":", event.time, to: &bytes)
            bytes += #","event":""#.utf8
            bytes += "\(event.kind)".utf8
            bytes.append(UInt8(ascii: "\""))
            if event.operation >= 0 {
                Self.append(",\"op\":", Int64(event.operation), to: &bytes)
                if event.kind == .assigned {
                    Self.append(",\"part\":", Int64(event.detail), to: &bytes)
                } else if event.kind == .emitted {
                    bytes += ",\"signal\":".utf8
                    bytes += signals.indices.contains(Int(event.detail)) ? signals[Int(event.detail)] : []
                } else if event.detail != 0 {
                    Self.append(",\"key\":", Int64(event.detail), to: &bytes)
                }
                if lanes.indices.contains(Int(event.lane)) {
                    bytes += ",\"lane\":".utf8
                    bytes += lanes[Int(event.lane)]
                }
                if event.attempt != 0 { Self.append(",\"attempt\":", Int64(event.attempt), to: &bytes) }
            } else if signals.indices.contains(Int(event.detail)) {
                bytes += ",\"signal\":".utf8
                bytes += signals[Int(event.detail)]
            }
            if event.error != 0, errors.indices.contains(Int(event.error)) {
                bytes += ",\"error\":".utf8
                bytes += errors[Int(event.error)]
            }
            bytes += "}\n".utf8
        }
        if count < history.events.count {
            Self.append("{\"truncated\":", Int64(history.events.count - count), to: &bytes)
            bytes += "}\n".utf8
        }
        return bytes
    }

    private static func append(_ label: StaticString, _ value: Int64, to bytes: inout [UInt8]) {
        bytes += label.description.utf8
        bytes += String(value).utf8
    }
}
