/// The exit codes of all commands; thrown by a command that has said all there is to say.
package enum HarnessExit: Int32, Error, Sendable, CaseIterable {
    case pass = 0
    /// Wrong arguments, or a scenario with problems.
    case usage = 1
    case regression = 2
    case expectationFailed = 3
    case invariantViolated = 4
    /// A run that was invalid or inconclusive.
    case invalid = 5
    case interrupted = 130

    /// The one code for several outcomes: the first of interrupted, 1, 4, 3, 2 and 5 that occurs.
    package static func worst(of codes: some Sequence<HarnessExit>) -> HarnessExit {
        let occurring = Set(codes)
        let order: [HarnessExit] = [
            .interrupted, .usage, .invariantViolated, .expectationFailed, .regression, .invalid,
        ]
        return order.first(where: occurring.contains) ?? .pass
    }
}
