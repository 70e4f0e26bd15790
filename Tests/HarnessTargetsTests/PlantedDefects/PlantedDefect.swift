/// A defect of a kind that reviews miss, each of which shows in some schedules only.
enum PlantedDefect: String, Codable, Sendable, CaseIterable {
    /// A worker that found starts deferred takes a moment to go to rest, and does not look again.
    case lostWakeUpOnRetract = "lost-wake-up-on-retract"
    /// A body that throws keeps its place.
    case slotLeakedOnThrow = "slot-leaked-on-throw"
    /// Whether there is a place is looked up in one step and the place is taken in another.
    case counterReadOutsideTheLock = "counter-read-outside-the-lock"
    /// A worker takes the first item whatever its key, and then waits, with its place, for the key.
    case headOfLineBlock = "head-of-line-block"
    /// A lower limit is not heeded as long as anything waits.
    case limitShrinkIgnored = "limit-shrink-ignored"
}
