/// The keys of which something waits or runs, each with a number for as long as it does.
///
/// Nothing is kept of a key that is idle. Finding and making a number is one look into a dictionary, forgetting it
/// another; in between the number serves.
@usableFromInline
struct KeyTable<Key: Hashable & Sendable>: Sendable {
    @usableFromInline
    struct State: Sendable {
        /// `nil` while the number is free.
        @usableFromInline var tag: KeyTag<Key>?
        @usableFromInline var pending = 0
        @usableFromInline var running = 0

        @inlinable
        init(key: Key) { tag = KeyTag(key) }
    }

    @usableFromInline var numbers: [Key: Int] = [:]
    @usableFromInline var states: [State] = []
    @usableFromInline var free: [Int] = []

    @inlinable init() {}

    /// Live keys.
    @inlinable var count: Int { numbers.count }

    @inlinable
    func pending(_ key: Key) -> Int { numbers[key].map { states[$0].pending } ?? 0 }

    /// The number of a key, which gets one if it has none.
    @inlinable
    mutating func number(of key: Key) -> Int {
        if let number = numbers[key] { return number }
        let number: Int
        if let reused = free.popLast() {
            states[reused] = State(key: key)
            number = reused
        } else {
            number = states.count
            states.append(State(key: key))
        }
        numbers[key] = number
        return number
    }

    /// Gives the number of an idle key back.
    ///
    /// - Returns: Whether it was the last key, and the table is as new.
    @inlinable
    mutating func forgetIfIdle(_ number: Int) -> Bool {
        guard states[number].pending == 0, states[number].running == 0, let key = states[number].tag?.key else {
            return false
        }
        numbers.removeValue(forKey: key)
        states[number].tag = nil
        free.append(number)
        guard numbers.isEmpty, states.count > Self.keptStates else { return false }
        self = KeyTable()
        return true
    }

    /// How many numbers' worth of memory stays when all keys are idle.
    @inlinable static var keptStates: Int { 1024 }
}
