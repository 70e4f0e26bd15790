/// The updates that have been announced and are not over, of which several may overlap.
struct UpdateAnnouncements {
    /// One of them.
    struct Announcement {
        /// When it was announced.
        var begin: Int64
        /// Whether the timeline announced it, and not an update that runs.
        var isTimeline: Bool
        /// Whether a read has waited for its end.
        fileprivate var hasWaiting = false
    }

    /// From the oldest to the latest.
    private(set) var open: [Announcement] = []
    /// Updates that are over and whose announcement has not been retracted.
    private var unretracted = 0
    /// Announcements of the timeline that are over and have not been retracted.
    private var unretractedTimeline = 0

    mutating func begin(at time: Int64, isTimeline: Bool) {
        // Whoever said that it was over and has left its announcement standing retracts it no more.
        if open.isEmpty { unretracted = 0 }
        open.append(Announcement(begin: time, isTimeline: isTimeline))
    }

    /// Somebody says that an update is over.
    ///
    /// It answers every announcement of the timeline, which nothing but a signal ends; of the updates that run, an update ends
    /// itself alone, and the timeline none.
    mutating func end(ofTimeline isTimeline: Bool) {
        let count = open.count
        open.removeAll(where: \.isTimeline)
        unretractedTimeline += count - open.count
        guard !isTimeline, !open.isEmpty else { return }
        open.removeFirst()
        unretracted += 1
    }

    /// An announcement is retracted: that of an update that is over, or the oldest of the timeline, or else of all.
    mutating func retract() {
        if unretracted > 0 {
            unretracted -= 1
            return
        }
        let isAnswered = unretractedTimeline > 0
        if isAnswered { unretractedTimeline -= 1 }
        // In doubt which announcement of the timeline it was, none is held to be open.
        if let index = open.firstIndex(where: \.isTimeline) ?? (isAnswered ? nil : open.indices.first) {
            open.remove(at: index)
        }
    }

    /// Marks all of them as waited for.
    ///
    /// - Returns: How many were not before.
    mutating func markWaiting() -> Int {
        var marked = 0
        for index in open.indices where !open[index].hasWaiting {
            open[index].hasWaiting = true
            marked += 1
        }
        return marked
    }
}
