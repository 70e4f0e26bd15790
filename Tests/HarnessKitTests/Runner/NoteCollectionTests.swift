import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct NoteCollectionTests {
    @Test
    func aRemarkOnEveryRunIsToldOnce() {
        var notes = NoteCollection()
        notes.add(["slow disk", "late"], of: "a")
        notes.add(["slow disk"], of: "b")
        #expect(notes.texts == ["all runs: slow disk", "a: late"])
    }

    @Test
    func aSingleRunIsNamed() {
        var notes = NoteCollection()
        notes.add(["late"], of: "a")
        #expect(notes.texts == ["a: late"])
    }

    @Test
    func longListsOfRunsAreCut() {
        var notes = NoteCollection()
        for label in ["a", "b", "c", "d", "e"] { notes.add(["late"], of: label) }
        notes.add([], of: "f")
        #expect(notes.texts == ["a; b; c; and 2 more: late"])
    }
}
