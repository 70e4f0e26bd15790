internal import EphemeralTime
internal import HarnessKit
internal import Processing

/// What the commands about jobs print as JSON. Durations are seconds, times ISO 8601.
extension JSONValue {
    init(_ value: Int) { self = .integer(Int64(value)) }

    init(_ duration: Duration) { self = .number(duration / .seconds(1)) }

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }

    init(_ status: QueueStatus) {
        func byPriority(_ value: (JobPriority) -> JSONValue?) -> JSONValue {
            .object(
                Object(members: JobPriority.allCases.compactMap { key in value(key).map { (key.rawValue, $0) } })
            )
        }
        self = [
            "queue": .string(status.queue),
            "waiting": byPriority { JSONValue(status.waiting[$0] ?? 0) },
            "oldestWaiting": byPriority { status.oldestWaiting[$0].map { JSONValue($0) } },
            "running": JSONValue(status.running),
            "delayed": JSONValue(status.delayed),
            "dead": JSONValue(status.dead),
            "done": JSONValue(status.done),
            "discarded": JSONValue(status.discarded),
            "enqueued": JSONValue(status.enqueued),
            "retried": JSONValue(status.retried),
            "expiredLeases": JSONValue(status.expiredLeases),
            "workers": .object(
                Object(
                    members: status.workers.sorted { $0.key.rawValue < $1.key.rawValue }
                        .map { ($0.key.rawValue, JSONValue($0.value)) }
                )
            ),
        ]
    }

    init(_ emergency: Emergency) {
        self = [
            "id": .string(emergency.id.rawValue),
            "status": .string(emergency.status.rawValue),
            "operation": JSONValue(emergency.operation),
            "attempts": JSONValue(emergency.attempts),
            "error": JSONValue(emergency.error),
            "tags": JSONValue(emergency.tags),
            "created": .string("\(emergency.createdAt)"),
            "expires": JSONValue(emergency.expiresAt?.description),
            "payload": .string(String(decoding: emergency.payload, as: UTF8.self)),
        ]
    }

    init(_ letter: DeadLetter) {
        self = [
            "id": .string(letter.job.id.rawValue),
            "queue": .string(letter.job.queue),
            "operation": .string(letter.job.operation),
            "priority": .string(letter.job.priority.rawValue),
            "attempts": JSONValue(letter.job.attempts),
            "reason": .string(letter.reason.rawValue),
            "error": .string(letter.error),
            "worker": JSONValue(letter.worker?.rawValue),
            "tags": JSONValue(letter.job.tags),
            "enqueued": .string("\(letter.job.enqueuedAt)"),
            "died": .string("\(letter.diedAt)"),
            "payload": .string(String(decoding: letter.job.payload, as: UTF8.self)),
        ]
    }
}

extension String {
    /// The text on one line and not longer than a table can bear.
    var cell: String {
        let line = String(map { $0.isNewline || $0 == "\0" ? " " : $0 })
        return line.count <= 80 ? line : line.prefix(79) + "…"
    }
}
