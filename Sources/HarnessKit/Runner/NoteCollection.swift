/// Remarks on runs, each told once with the runs that it is about.
struct NoteCollection: Sendable {
    private var notes: [(text: String, labels: [String])] = []
    private var runs = 0

    /// Takes the remarks on one run.
    ///
    /// - Parameters:
    ///   - texts: The remarks.
    ///   - label: The run in a few words.
    mutating func add(_ texts: [String], of label: String) {
        runs += 1
        for text in texts {
            if let index = notes.firstIndex(where: { $0.text == text }) {
                notes[index].labels.append(label)
            } else {
                notes.append((text, [label]))
            }
        }
    }

    /// The remarks in the order in which they first came up.
    var texts: [String] {
        notes.map { note in
            guard note.labels.count < runs || runs == 1 else { return "all runs: \(note.text)" }
            let shown = note.labels.prefix(3).joined(separator: "; ")
            let more = note.labels.count > 3 ? "; and \(note.labels.count - 3) more" : ""
            return "\(shown)\(more): \(note.text)"
        }
    }
}
