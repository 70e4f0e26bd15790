/// An error that a test recognises.
struct Failure: Error, Hashable {
    var number = 0
}
