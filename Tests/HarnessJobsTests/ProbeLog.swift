import Dispatch
import EphemeralTesting
import Foundation

/// What jobs in other processes note: a named pipe that this process reads.
final class ProbeLog: Sendable {
    /// A run of a job that has begun or ended.
    struct Event: Sendable, Hashable, CustomStringConvertible {
        var word: String
        var number: Int
        var attempt: Int

        var description: String { "\(word) \(number) \(attempt)" }
    }

    let events = Journal<Event>()
    private let pipe: NamedPipe

    var path: String { pipe.path }

    init(in folder: String) throws {
        pipe = try NamedPipe(folder + "/log")
        let (file, events) = (pipe.file, events)
        DispatchQueue(label: "probe log").async {
            var line: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                // The buffer outlives the call and has room for what is asked for.
                let count = unsafe read(file, &buffer, buffer.count)
                guard count > 0 else { return }
                for byte in buffer[..<count] {
                    guard byte == UInt8(ascii: "\n") else {
                        line.append(byte)
                        continue
                    }
                    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
                    line = []
                    guard words.count == 3, let number = Int(words[1]), let attempt = Int(words[2]) else {
                        close(file)
                        return
                    }
                    events.record(Event(word: String(words[0]), number: number, attempt: attempt))
                }
            }
        }
    }

    /// Ends the reading.
    func end() { pipe.write(Array("end\n".utf8)) }

    /// Suspends until so many events of a kind have been noted, and returns those.
    func first(_ count: Int, _ word: String) async throws -> [Event] {
        var seen = 0
        while true {
            let events = try await events.first(seen).filter { $0.word == word }
            if events.count >= count { return events }
            seen += 1
        }
    }

    func events(_ word: String) -> [Event] { events.elements.filter { $0.word == word } }
}
