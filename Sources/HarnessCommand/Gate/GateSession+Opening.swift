internal import HarnessKit

extension GateSession {
    /// Both builds' processes with what they said first.
    struct Opening {
        fileprivate var conversations: (base: GateConversation, head: GateConversation)
        var base: GateHello?
        var head: GateHello?
        /// Why a greeting is missing.
        var failures: [GateFailure] = []

        /// Both builds, ready to be asked.
        ///
        /// - Throws: ``GateError`` when they mean different things, or have nothing in common; then both are ended.
        func duo(_ session: GateSession) throws(GateError) -> Duo {
            do throws(GateError) {
                guard let base, let head else { throw GateError("a build has not said what it can run") }
                let matching = GateMatching(
                    base: base,
                    head: head,
                    targets: session.targets,
                    accepting: session.accepted
                )
                guard matching.differing.isEmpty else {
                    throw GateError(
                        "the builds plan different loads, so that their figures say nothing about each other: "
                            + matching.differing.joined(separator: ", ")
                    )
                }
                guard !matching.pairs.isEmpty || !matching.lost.isEmpty else {
                    let problem = (base.problems + head.problems).first.map { ": \($0)" } ?? ""
                    throw GateError("there is no target that both builds can run\(problem)")
                }
                return Duo(base: conversations.base, head: conversations.head, matching: matching)
            } catch {
                end()
                throw error
            }
        }

        /// Remarks on the builds and the scenarios.
        var notes: [String] {
            let differences =
                if let base, let head {
                    base.environment.differences(from: head.environment, names: ("the base build", "the head build"))
                } else {
                    [String]()
                }
            return differences
                + (base?.problems ?? []).map { "the base build cannot read a scenario: \($0)" }
                + (head?.problems ?? []).map { "the head build cannot read a scenario: \($0)" }
        }

        fileprivate func end() {
            conversations.base.end()
            conversations.head.end()
        }
    }

    /// Starts both builds and hears what they say first; when one fails, both are ended.
    ///
    /// - Throws: ``GateError`` for what is no build of this harness.
    func start() async throws(GateError) -> Opening {
        let words = [GateWorkerCommand.name] + arguments
        let former = try GateConversation(side: .base, executable: base, arguments: words, patience: patience)
        let new: GateConversation
        do {
            new = try GateConversation(side: .head, executable: head, arguments: words, patience: patience)
        } catch {
            former.end()
            throw error
        }
        var opening = Opening(conversations: (former, new))
        do throws(GateError) {
            switch try await former.hello() {
            case .hello(let hello): opening.base = hello
            case .failure(let failure): opening.failures.append(failure)
            }
            switch try await new.hello() {
            case .hello(let hello): opening.head = hello
            case .failure(let failure): opening.failures.append(failure)
            }
        } catch {
            opening.end()
            throw error
        }
        if !opening.failures.isEmpty { opening.end() }
        return opening
    }
}
