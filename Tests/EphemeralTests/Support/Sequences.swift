import EphemeralTesting

/// A stream of elements, with an error at its end if there is one.
func streamed(_ elements: [Int], failure: Failure? = nil) -> AsyncThrowingStream<Int, any Error> {
    AsyncThrowingStream { continuation in
        for element in elements { continuation.yield(element) }
        continuation.finish(throwing: failure)
    }
}

/// A sequence that tells of every element that is taken from it.
struct Counting: Sequence, Sendable {
    let elements: ClosedRange<Int>
    let onTake: @Sendable (Int) -> Void

    init(_ elements: ClosedRange<Int>, onTake: @escaping @Sendable (Int) -> Void) {
        self.elements = elements
        self.onTake = onTake
    }

    init(_ elements: ClosedRange<Int>, _ taken: Journal<Int>) {
        self.init(elements) { taken.record($0) }
    }

    func makeIterator() -> AnyIterator<Int> {
        var base = elements.makeIterator()
        return AnyIterator {
            let next = base.next()
            if let next { onTake(next) }
            return next
        }
    }
}
