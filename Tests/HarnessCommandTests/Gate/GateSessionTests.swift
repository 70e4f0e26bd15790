import Foundation
import HarnessKit
import HarnessTargets
import Testing

@testable import HarnessCommand

/// Comparisons of builds that crash, hang, babble, or lose what they had.
@Suite(.timeLimit(.minutes(1)))
struct GateSessionTests {
    @Test func buildsThatAnswerAlikeAreTheSame() async throws {
        let report = try await gate()
        #expect(report.verdict == .same)
        #expect(report.rows.map(\.quantity) == ["invariants", "completed"])
    }

    @Test(arguments: [
        (#"read -r line; echo 'Fatal error: Index out of range' >&2; kill -SEGV $$"#, "was ended by the signal 11"),
        (#"read -r line; echo 'Fatal error: Index out of range' >&2; exit 3"#, "ended with the status 3"),
    ])
    func aHeadThatCrashesIsARegressionWithItsLastWords(script: String, reason: String) async throws {
        let report = try await gate(head: script)
        let row = try #require(report.row("process"))
        #expect(row.verdict == .regressed)
        #expect(row.detail?.contains("the head build's process \(reason) before it answered") == true)
        #expect(row.detail?.hasSuffix("its last words: Fatal error: Index out of range") == true)
        #expect(report.status == .regression)
    }

    @Test func aBaseThatCrashesLeavesTheComparisonOpen() async throws {
        let report = try await gate(base: "read -r line; echo broken >&2; exit 3")
        let row = try #require(report.row("process"))
        #expect(row.verdict == .inconclusive)
        #expect(row.detail?.contains("the base build's process ended with the status 3") == true)
        #expect(report.status == .invalidOrInconclusive)
    }

    @Test(arguments: [RunClock.virtual, .real])
    func aHeadThatFailsWhereTheBaseFailsAsWellIsNoWorse(clock: RunClock) async throws {
        let subject = ScriptedBuilds.subject("t", clocks: [clock], paired: [.init("throughput", 0.05)])
        let report = try await gate(base: "exit 3", head: "exit 4", subjects: [subject])
        let rows = report.rows.filter { $0.quantity == "process" }
        #expect(rows.map(\.verdict) == [.inconclusive, .inconclusive])
        let head = try #require(rows.first { $0.detail?.contains("the head build's process") == true })
        #expect(head.detail?.hasSuffix("; the base build fails as well") == true)
        #expect(report.status == .invalidOrInconclusive)
    }

    @Test func aViolationOfTheHeadCountsEvenIfTheBaseCrashes() async throws {
        let record = ScriptedBuilds.record(violations: ["operation #7 was lost"])
        let report = try await gate(base: "exit 3", headRecord: record)
        #expect(report.status == .invariantViolated)
    }

    @Test func whatIsNoAnswerIsQuoted() async throws {
        let report = try await gate(head: "read -r line; echo '<html>'; cat >/dev/null")
        let row = try #require(report.row("process"))
        #expect(row.verdict == .regressed)
        #expect(row.detail?.contains("said '<html>', which is no run") == true)
    }

    @Test func aSearchThatTellsOfItsTrialsIsComparedByItsRun() async throws {
        let script = #"while read -r line; do echo '{"trial":1}'; echo '{"trial":2}'; cat "$record"; done"#
        let report = try await gate(head: script)
        #expect(report.verdict == .same, "\(report.rows)")
    }

    @Test func everyTrialOfASearchHasTheTimeOfARun() async throws {
        let record = try JSONLine.encode(ScriptedBuilds.record())
        var lines = try (1...5).map { try JSONLine.encode(GateTrial(trial: $0)) } + [record]
        var limits: [DispatchTimeInterval] = []
        let answer = await GateConversation.answer(within: .seconds(7)) { limit in
            limits.append(limit)
            return .line(Data(lines.removeFirst().utf8))
        }
        guard case .line(let line) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(try JSONLine.decode(ExactRecord.self, from: line) == ScriptedBuilds.record())
        #expect(limits == Array(repeating: .seconds(7), count: 6))
    }

    @Test func aSearchThatFallsSilentIsLate() async throws {
        let trial = Data(try JSONLine.encode(GateTrial(trial: 1)).utf8)
        var answers: [LineInbox.Answer] = [.line(trial), .late]
        #expect(await GateConversation.answer(within: .seconds(7)) { _ in answers.removeFirst() } == .late)
    }

    @Test func aTargetAfterTheOneThatCrashesIsComparedAllTheSame() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let subjects = [ScriptedBuilds.subject("t"), ScriptedBuilds.subject("u")]
            let base = try builds.write("base", subjects: subjects)
            let script = """
                while read -r line; do case $line in *'"subject":0'*) exit 3;; *) cat "$record";; esac; done
                """
            let head = try builds.write("head", subjects: subjects, after: script)
            let report = try await builds.gate(base, head)
            #expect(report.row("process")?.verdict == .regressed)
            #expect(report.row("completed", of: "u")?.verdict == .same)
        }
    }

    // Writing to it would end this process by SIGPIPE.
    @Test func aBuildThatDiesWhileItIsWrittenToIsNamed() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let base = try builds.write("base")
            let hello = folder.appending(path: "base.hello").path
            let head = try builds.write("head", "#!/bin/sh\nexec 0<&-\ncat '\(hello)'\nexit 3\n")
            let row = try await builds.gate(base, head).row("process")
            #expect(row?.verdict == .regressed)
            #expect(row?.detail?.contains("ended with the status 3 before it answered") == true)
        }
    }

    @Test func aBuildThatSaysMoreThanAPipeHoldsIsRead() async throws {
        let noise = "head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2"
        let report = try await gate(
            base: "\(noise); \(ScriptedBuilds.answering)",
            head: "\(noise); \(ScriptedBuilds.answering)"
        )
        #expect(report.verdict == .same, "\(report.rows)")
    }

    @Test func aBuildThatNeverAnswersIsKilled() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let impatient = try GateConversation(
                side: .head,
                executable: try builds.write("silent", "#!/bin/sh\nexec sleep 600\n"),
                arguments: [],
                patience: .milliseconds(200)
            )
            guard case .failure(let failure) = try await impatient.hello() else {
                Issue.record("a process that says nothing has not said hello")
                return
            }
            #expect(failure.description.contains("did not answer within 200 ms and was killed"))
            impatient.end()
        }
    }

    @Test func aHeadThatCrashesAtOnceIsARegressionOfAllTargets() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let subjects = [ScriptedBuilds.subject("t"), ScriptedBuilds.subject("u")]
            let base = try builds.write("base", subjects: subjects)
            let head = try builds.write("head", "#!/bin/sh\necho 'Fatal error: no plugins' >&2\nkill -ILL $$\n")
            let report = try await builds.gate(base, head)
            #expect(report.rows.map(\.target) == ["t", "u"])
            #expect(report.rows.allSatisfy { $0.verdict == .regressed && $0.quantity == "process" })
            #expect(report.rows.first?.detail?.contains("Fatal error: no plugins") == true)
            #expect(report.status == .regression)
            let other = try await builds.gate(head, base)
            #expect(other.status == .invalidOrInconclusive)
        }
    }

    @Test func aLostTargetIsARegression() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let base = try builds.write("base", subjects: [ScriptedBuilds.subject("t"), ScriptedBuilds.subject("u")])
            let report = try await builds.gate(base, try builds.write("head"))
            #expect(report.row("target", of: "u")?.verdict == .regressed)
            #expect(report.row("completed")?.verdict == .same)
            #expect(report.status == .regression)
        }
    }

    // The first process answers worse than the base, and the second does not answer.
    @Test func figuresThatCannotBeRunAgainStayInTheReport() async throws {
        let report = try await gate(
            head: #"mkdir "$0.once" || exit 3; "# + ScriptedBuilds.answering,
            headRecord: ScriptedBuilds.record(completed: 99)
        )
        let row = try #require(report.row("completed"))
        #expect(row.verdict == .inconclusive)
        #expect(row.head?.value == 99)
        let why = "could not be run again: the head build's process ended with the status 3"
        #expect(row.detail?.contains(why) == true)
        #expect(report.row("process")?.verdict == .regressed)
    }

    @Test func aViolationThatOnlyShowsWhenRunAgainCounts() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let worse = ScriptedBuilds.record(completed: 99, violations: ["operation #7 was lost"])
            try builds.write("second.record", JSONLine.encode(worse) + "\n")
            let second = folder.appending(path: "second.record").path
            let head = try builds.write(
                "head",
                record: ScriptedBuilds.record(completed: 99),
                after: "mkdir \"$0.once\" || record='\(second)'; " + ScriptedBuilds.answering
            )
            let report = try await builds.gate(try builds.write("base"), head)
            #expect(report.row("invariants")?.verdict == .regressed)
            #expect(report.status == .invariantViolated)
        }
    }

    @Test func whatDiffersIsRunAgainAlsoWhenTheBudgetIsSpent() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let head = try builds.write("head", record: ScriptedBuilds.record(completed: 99))
            let schedule = GateSchedule(pairs: 2, processes: 2, budget: 0)
            let row = try await builds.gate(try builds.write("base"), head, schedule: schedule).row("completed")
            #expect(row?.verdict == .regressed)
            #expect(row?.detail == nil)
        }
    }

    @Test func aThroughputOfNothingIsARegression() async throws {
        let subject = ScriptedBuilds.subject("t", clocks: [.real], paired: [.init("throughput", 0.05)])
        let idle = ScriptedBuilds.record(completed: 0, throughput: 0, objections: ["ended at its limit"])
        let report = try await gate(headRecord: idle, subjects: [subject])
        #expect(report.row("throughput")?.verdict == .regressed)
        #expect(report.status == .regression)
    }

    @Test func aCrashAmongPairsIsARegression() async throws {
        let subject = ScriptedBuilds.subject("t", clocks: [.real], paired: [.init("throughput", 0.05)])
        let report = try await gate(
            head: #"read -r line; cat "$record"; read -r line; exit 3"#,
            subjects: [subject]
        )
        #expect(report.row("process")?.verdict == .regressed)
    }

    @Test func anotherVersionOfTheMessagesIsRefused() async throws {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let head = try builds.write("head", "#!/bin/sh\necho '{\"version\":2,\"targets\":[]}'\n")
            let base = try builds.write("base")
            let error = await #expect(throws: GateError.self) { try await builds.gate(base, head) }
            #expect(error?.description.contains("speaks version 2 of the gate's messages and this one 1") == true)
        }
    }

    private func gate(
        base: String = ScriptedBuilds.answering,
        head: String = ScriptedBuilds.answering,
        headRecord: ExactRecord = ScriptedBuilds.record(),
        subjects: [GateSubject] = [ScriptedBuilds.subject("t")]
    ) async throws -> GateReport {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            return try await builds.gate(
                try builds.write("base", subjects: subjects, after: base),
                try builds.write("head", subjects: subjects, record: headRecord, after: head)
            )
        }
    }
}
