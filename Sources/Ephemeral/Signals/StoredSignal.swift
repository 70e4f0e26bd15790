internal import EphemeralTime

/// A signal as the window keeps it; the event that people see is made when somebody looks.
///
/// It consists of numbers alone: its name and its details, which few signals have, are kept elsewhere, so that storing
/// and dropping a signal of a known name touches no reference count.
struct StoredSignal: Sendable {
    var time: Timestamp
    /// The operation that raised it, or an identity of its own, which is drawn when somebody looks.
    var operationID: OperationID?
    var wallOffset: Int64
    /// The name's place in the table of names.
    var name: Int32
    /// The place of key and path; negative when there are none.
    var details: Int32
    /// Whether it was taken back.
    var isVacant = false

    /// What stands where no signal is.
    static let blank = StoredSignal(
        time: .distantPast,
        operationID: nil,
        wallOffset: 0,
        name: 0,
        details: SignalDetails.none,
        isVacant: true
    )
}

/// Keys and causal paths of the stored signals that have any, in places that are used again.
struct SignalDetails: Sendable {
    static let none: Int32 = -1

    private var details: [(key: String?, propagation: SignalPropagation?)] = []
    private var free: [Int32] = []

    subscript(place: Int32) -> (key: String?, propagation: SignalPropagation?) {
        place == Self.none ? (nil, nil) : details[Int(place)]
    }

    mutating func add(key: String?, propagation: SignalPropagation?) -> Int32 {
        guard let place = free.popLast() else {
            details.append((key, propagation))
            return Int32(truncatingIfNeeded: details.count - 1)
        }
        details[Int(place)] = (key, propagation)
        return place
    }

    mutating func remove(_ place: Int32) {
        details[Int(place)] = (nil, nil)
        free.append(place)
    }
}
