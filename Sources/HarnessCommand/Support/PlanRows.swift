internal import HarnessKit

/// Every operation of a plan as CSV (RFC 4180), one row per operation and attempt.
struct PlanRows {
    let plan: Plan
    let attempts: Int

    func write(to terminal: Terminal) {
        // A column for lanes only where there are any: most scenarios have none.
        let lanes = plan.scenario.load.lanes.names.map(Self.quoted)
        terminal.write("operation,phase,intended_start_s,key,\(lanes.isEmpty ? "" : "lane,")attempt,work_s,error\r\n")
        let names = plan.phases.map { Self.quoted($0.phase.name) }
        var phase = 0
        // Pieces of some size: a write per row would take most of the time.
        var piece = ""
        for (index, start) in plan.intendedStarts.enumerated() {
            while phase + 1 < plan.phases.count, plan.phases[phase + 1].start <= start { phase += 1 }
            let key = plan.key(of: index)
            let lane = lanes.isEmpty ? "" : "\(lanes[plan.lane(of: index)]),"
            for attempt in 1...attempts {
                let script = plan.script(of: index, attempt: attempt, intendedStart: start)
                let error = script.error.map { Self.quoted(plan.errorNames[$0]) } ?? ""
                piece += "\(index),\(names[phase]),\(Self.seconds(start)),\(key),\(lane)\(attempt),"
                piece += "\(Self.seconds(script.work)),\(error)\r\n"
            }
            if piece.utf8.count > 1 << 16 {
                terminal.write(piece)
                piece = ""
            }
        }
        terminal.write(piece)
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        FixedDecimal.text(Double(nanoseconds) / 1e9, digits: 9)
    }

    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { ",\"\r\n".contains($0) }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
