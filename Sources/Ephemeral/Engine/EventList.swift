/// The signals of an operation, in order of emission.
///
/// Kept in pieces that become shorter towards the end, because copies of a record share them: an addition then copies a few
/// of the latest and not all, and a body that raises signals in a loop does not keep the lock longer with each of them.
struct EventList: Sendable {
    private var pieces: [[SignalEvent]] = []

    init() {}

    var isEmpty: Bool { pieces.isEmpty }
    var all: [SignalEvent] { pieces.count == 1 ? pieces[0] : pieces.flatMap { $0 } }
    /// The lengths of the pieces.
    var lengths: [Int] { pieces.map(\.count) }

    mutating func append(_ event: SignalEvent) {
        var piece = [event]
        while let last = pieces.last, last.count <= piece.count {
            piece = last + piece
            pieces.removeLast()
        }
        pieces.append(piece)
    }

    mutating func removeAll(where predicate: (SignalEvent) -> Bool) {
        let kept = all.filter { !predicate($0) }
        pieces = kept.isEmpty ? [] : [kept]
    }
}
