private import Foundation

/// A line of a recorded history cannot be read.
public struct HistoryLineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The number of the line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var message: String

    /// The text shown to people.
    public var description: String { "line \(line): \(message)" }
}

extension HistoryLines {
    /// Reads the events that a run folder holds of a history.
    ///
    /// - Parameters:
    ///   - bytes: The lines.
    ///   - names: The names of signals, errors and lanes, whose numbers the events get.
    /// - Returns: The events, in the order of the lines, and how many are missing at the end.
    /// - Throws: ``HistoryLineError`` for a line that is no event.
    public static func read(
        _ bytes: some Collection<UInt8>,
        names: RecordedEvidence.Names
    ) throws -> (events: [HistoryEvent], missing: Int) {
        let decoder = JSONDecoder()
        let kinds = Dictionary(uniqueKeysWithValues: HistoryEvent.Kind.allCases.map { ("\($0)", $0) })
        let signals = names.signals.numbers
        let errors = names.errors.numbers
        let lanes = names.lanes.numbers
        var events: [HistoryEvent] = []
        for (index, text) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            let line: Line
            do {
                line = try decoder.decode(Line.self, from: Data(text))
            } catch {
                throw HistoryLineError(line: index + 1, message: "it is no event of a history")
            }
            if let missing = line.truncated { return (events, missing) }
            guard let time = line.t, let kind = line.event.flatMap({ kinds[$0] }) else {
                throw HistoryLineError(line: index + 1, message: "this version knows no event '\(line.event ?? "")'")
            }
            var event = HistoryEvent(time: time, kind: kind, operation: line.op ?? -1)
            let signal = line.signal.map { Int32(signals[$0] ?? 0) }
            event.detail = signal ?? line.part ?? line.key ?? 0
            event.attempt = line.attempt ?? 0
            event.error = UInt16(line.error.flatMap { errors[$0] } ?? 0)
            event.lane = UInt8(line.lane.flatMap { lanes[$0] } ?? 0)
            events.append(event)
        }
        return (events, 0)
    }

    private struct Line: Decodable {
        var t: Int64?
        var event: String?
        var op: Int32?
        var key: Int32?
        var part: Int32?
        var lane: String?
        var attempt: UInt8?
        var signal: String?
        var error: String?
        var truncated: Int?
    }
}

extension [String] {
    /// The numbers of names.
    fileprivate var numbers: [String: Int] {
        Dictionary(zip(self, indices)) { first, _ in first }
    }
}
