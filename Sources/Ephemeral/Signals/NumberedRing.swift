/// A queue whose elements are found by the number they got when they were appended, and are changed in place.
///
/// Numbers rise by one and are not used again. The storage is a power of two, so that a number finds its place with one
/// mask; it grows when it must and never shrinks.
struct NumberedRing<Element: Sendable>: Sendable {
    /// The number of the oldest element, when there is one.
    private(set) var first = 0
    /// The number that the next element will get.
    private(set) var end = 0
    private var storage: [Element]
    private var mask: Int
    /// What stands where no element is.
    private let blank: Element

    init(blank: Element) {
        storage = Array(repeating: blank, count: 16)
        mask = storage.count - 1
        self.blank = blank
    }

    var count: Int { end - first }
    var isEmpty: Bool { first == end }
    var numbers: Range<Int> { first..<end }

    subscript(number: Int) -> Element {
        get { storage[number & mask] }
        _modify { yield &storage[number & mask] }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == storage.count { grow() }
        storage[end & mask] = element
        end += 1
    }

    /// Removes the oldest element.
    ///
    /// What it refers to is released when its place is used again.
    @inline(__always)
    mutating func dropFirst() {
        first += 1
    }

    /// Puts an element in the place of another; that one and all later ones get the number after theirs.
    mutating func insert(_ element: Element, at number: Int) {
        append(element)
        var place = end - 1
        while place > number {
            storage.swapAt(place & mask, (place - 1) & mask)
            place -= 1
        }
    }

    /// Removes the elements that satisfy a condition; the numbers of later ones change.
    mutating func removeAll(where isRemoved: (Element) -> Bool) {
        var kept = first
        for number in numbers where !isRemoved(self[number]) {
            storage[kept & mask] = self[number]
            kept += 1
        }
        for number in kept..<end { self[number] = blank }
        end = kept
    }

    mutating func removeAll() {
        for number in numbers { self[number] = blank }
        first = end
    }

    /// The number of the first element that a condition, true up to some element and false from there, is false for.
    func partition(where isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (first, end)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    @inline(never)
    private mutating func grow() {
        var larger = Array(repeating: blank, count: storage.count * 2)
        let largerMask = larger.count - 1
        for number in numbers { larger[number & largerMask] = storage[number & mask] }
        (storage, mask) = (larger, largerMask)
    }
}
