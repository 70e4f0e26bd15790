import Foundation
import HarnessKit
import Testing

@testable import HarnessCommand

/// Comparisons of builds of which one's runs do not count.
@Suite(.timeLimit(.minutes(1)))
struct GateValidityTests {
    // Five processes that all lean to one side come in one of 32 throws of five coins.
    @Test func runsOfTheHeadAloneThatDoNotCountAreARegressionWhenSeenAgain() async throws {
        let row = try await validity(head: ScriptedBuilds.answering)
        #expect(row?.verdict == .regressed)
        #expect(row?.probability == 1.0 / 32)
        #expect(row?.detail?.contains("more of the head build's in 5 of 5 processes: ended at its limit") == true)
    }

    // The first process of a build is asked nothing on the real clock, and five make the pairs.
    @Test func runsThatDoNotCountAndDoWhenRunAgainAreTold() async throws {
        let script = """
            echo >>"$0.starts"
            [ $(wc -l <"$0.starts") -le 6 ] || record="${record%head.record}base.record"

            """
        let row = try await validity(head: script + ScriptedBuilds.answering)
        #expect(row?.verdict == .same)
        #expect(row?.detail?.hasSuffix("seemed to have regressed, and did not in 4 fresh processes") == true)
    }

    // Of eight targets one leans to a side in five processes in every fourth comparison, of builds that are alike.
    @Test func runsThatDoNotCountAreHeldAgainstThoseOfAllTargets() async throws {
        let others = (1...7).map { "other\($0)" }
        let script = """
            while read -r line; do
                case "$line" in
                *'"subject":0'*) cat "$record" ;;
                *) cat "${record%head.record}base.record" ;;
                esac
            done
            """
        let few = try await validity(head: script, others: others, processes: 5)
        #expect(few?.verdict == .inconclusive)
        #expect(few?.detail?.hasSuffix("one of 8 rows, which chance alone may have made stand out") == true)
        let more = try await validity(head: script, others: others, processes: 8)
        #expect(more?.verdict == .regressed)
        #expect(more?.probability == 8.0 / 256)
    }

    // In eight processes all to one side would have stood out; seven and one do not, of eight targets.
    @Test func whatChanceExplainsAmongAllTargetsBlocksNothing() async throws {
        let others = (1...7).map { "other\($0)" }
        // The first process of a build is asked nothing on the real clock, and the ninth is the last to make pairs.
        func answering(_ first: String, _ last: String) -> String {
            """
            echo >>"$0.starts"
            folder=${record%/*}
            while read -r line; do
                file=base
                case "$line" in
                *'"subject":0'*) if [ $(wc -l <"$0.starts") -lt 9 ]; then file=\(first); else file=\(last); fi ;;
                esac
                cat "$folder/$file.record"
            done
            """
        }
        let row = try await validity(
            head: answering("head", "base"),
            base: answering("base", "head"),
            others: others,
            processes: 8
        )
        #expect(row?.verdict == .same)
        #expect(row?.probability == 8 * 9.0 / 256)
    }

    // The figures of the other pairs are the same: nothing is left to be decided.
    @Test func aTargetWhoseValidityIsSettledIsDecided() async throws {
        let others = (1...7).map { "other\($0)" }
        // Of the runs of each process on the real clock the second is the first that counts.
        func answering(_ failing: String) -> String {
            """
            echo >>"$0.starts"
            folder=${record%/*}
            runs=0
            while read -r line; do
                file=base
                case "$line" in
                *'"subject":0'*)
                    runs=$((runs + 1))
                    [ "$runs" -ne 2 ] || [ $(wc -l <"$0.starts") \(failing) 9 ] || file=head
                    ;;
                esac
                cat "$folder/$file.record"
            done
            """
        }
        let report = try await report(
            head: answering("-eq"),
            base: answering("-lt"),
            others: others,
            processes: 8,
            pairs: 2
        )
        #expect(report.row("validity")?.verdict == .same)
        #expect(report.verdict == .same)
        #expect(!report.notes.contains { $0.contains("were not decided") }, "\(report.notes)")
    }

    private func validity(
        head script: String,
        base former: String = ScriptedBuilds.answering,
        others: [String] = [],
        processes: Int = 5
    ) async throws -> RegressionRow? {
        try await report(head: script, base: former, others: others, processes: processes).row("validity")
    }

    private func report(
        head script: String,
        base former: String,
        others: [String],
        processes: Int,
        pairs: Int = 1
    ) async throws -> GateReport {
        try await withFolder { folder in
            let builds = ScriptedBuilds(folder: folder)
            let subjects = (["t"] + others).map { target in
                ScriptedBuilds.subject(target, clocks: [.real], paired: [.init("throughput", 0.05)])
            }
            let record = ScriptedBuilds.record(objections: ["ended at its limit"])
            let base = try builds.write("base", subjects: subjects, after: former)
            let head = try builds.write("head", subjects: subjects, record: record, after: script)
            let schedule = GateSchedule(pairs: pairs, processes: processes, budget: nil)
            return try await builds.gate(base, head, schedule: schedule)
        }
    }
}
