internal import EphemeralTesting
internal import Processing

extension StoreStage {
    func emergency(
        _ id: EmergencyID = .next(),
        configure: (inout EmergencyRequest) -> Void = { _ in }
    ) -> EmergencyRequest {
        var request = EmergencyRequest(
            id: id,
            operation: "charge",
            payload: [1, 0, 255],
            tags: ["customer:7"],
            ttl: unit * 1000,
            lease: unit * 100
        )
        configure(&request)
        return request
    }

    func emergencies() async throws -> [Emergency] {
        try await store.emergencies(expiringWithin: nil, limit: 100)
    }

    /// An operation whose first run has failed.
    func failedEmergency(configure: (inout EmergencyRequest) -> Void = { _ in }) async throws -> EmergencyID {
        let request = emergency {
            $0.failure = "card declined"
            configure(&$0)
        }
        _ = try await store.beginEmergency(request)
        return request.id
    }
}

/// Backups of critical operations.
enum EmergencyChecks {
    static let all = [
        begun, resolved, failed, failedAtOnce, known, underWay, cutOff, renewed, crowd, remembered, failsAgain, stale,
    ]

    static let begun = StoreCheck(
        "aBegunOperationIsBackedUpWithEverything",
        "From its beginning an operation is listed as pending, with its processor, payload, tags and times."
    ) { stage in
        let request = stage.emergency()
        try stage.require(try await stage.store.beginEmergency(request), is: request.token, "the token of the run")
        guard let seen = try await stage.emergencies().first else { throw stage.failure("no operation is listed") }
        try stage.require(seen, is: Emergency(request, createdAt: seen.createdAt), "the operation")
        try stage.require(try await stage.store.emergencyCounts().byStatus[.pending], is: 1, "pending operations")
        let nameless = stage.emergency { $0.operation = nil }
        _ = try await stage.store.beginEmergency(nameless)
        try stage.require(
            try await stage.emergencies().map(\.operation),
            is: ["charge", nil],
            "processors, oldest first"
        )
    }

    static let resolved = StoreCheck(
        "aDoneOperationLeavesNothing",
        "An operation that is done is listed no more; the same identity can be used again when it was not to be remembered."
    ) { stage in
        let request = stage.emergency()
        let token = try await stage.store.beginEmergency(request)
        let isResolved = try await stage.store.resolveEmergency(request.id, token: token, remembering: .zero)
        try stage.require(isResolved, is: true, "whether the run was the present one")
        try stage.require(try await stage.emergencies().count, is: 0, "listed operations")
        try stage.require(try await stage.store.emergencyCounts().total, is: 0, "counted operations")
        _ = try await stage.store.beginEmergency(request)
    }

    static let failed = StoreCheck(
        "aFailedOperationKeepsItsError",
        "An operation whose run failed is listed as failed, with the error and the number of failed runs."
    ) { stage in
        let request = stage.emergency()
        let token = try await stage.store.beginEmergency(request)
        let isNoted = try await stage.store.failEmergency(request.id, token: token, error: "no \"answer\"")
        try stage.require(isNoted, is: true, "whether the run was the present one")
        let seen = try await stage.emergencies()
        try stage.require(seen.map(\.status), is: [.failed], "statuses")
        try stage.require(seen.map(\.error), is: ["no \"answer\""], "errors")
        try stage.require(seen.map(\.attempts), is: [1], "failed runs")
        try stage.require(seen.map(\.payload), is: [request.payload], "payloads")
    }

    static let failedAtOnce = StoreCheck(
        "aFailureCanBeBackedUpAfterwards",
        "A backup that is written with an error is failed from the start, and can be claimed at once."
    ) { stage in
        let id = try await stage.failedEmergency()
        let seen = try await stage.emergencies()
        try stage.require(seen.map(\.status), is: [.failed], "statuses")
        try stage.require(seen.map(\.error), is: ["card declined"], "errors")
        try stage.require(seen.map(\.attempts), is: [1], "failed runs")
        let claimed = try await stage.store.claimEmergency(id, lease: stage.unit * 10)
        try stage.require(claimed.emergency.id, is: id, "the claimed operation")
        try stage.require(claimed.emergency.payload, is: [1, 0, 255], "its payload")
    }

    static let known = StoreCheck(
        "anOperationBeginsOnce",
        "Beginning an operation that is not done is refused with alreadyExists and changes nothing."
    ) { stage in
        let request = stage.emergency()
        let token = try await stage.store.beginEmergency(request)
        let other = stage.emergency(request.id) { $0.payload = [9] }
        try await stage.require(.alreadyExists, "a second beginning") {
            _ = try await stage.store.beginEmergency(other)
        }
        try stage.require(try await stage.emergencies().map(\.payload), is: [request.payload], "payloads")
        let isResolved = try await stage.store.resolveEmergency(request.id, token: token, remembering: .zero)
        try stage.require(isResolved, is: true, "whether the first run is the present one")
    }

    static let underWay = StoreCheck(
        "anOperationUnderWayCannotBeClaimed",
        "While a run is under way, nobody else can begin one; the claim is refused with alreadyRetrying."
    ) { stage in
        let request = stage.emergency()
        _ = try await stage.store.beginEmergency(request)
        try await stage.require(.alreadyRetrying, "a claim during the first run") {
            _ = try await stage.store.claimEmergency(request.id, lease: stage.unit)
        }
        let id = try await stage.failedEmergency()
        _ = try await stage.store.claimEmergency(id, lease: stage.unit * 100)
        try stage.require(try await stage.store.emergencyCounts().byStatus[.retrying], is: 1, "operations tried again")
        try await stage.require(.alreadyRetrying, "a claim during a further run") {
            _ = try await stage.store.claimEmergency(id, lease: stage.unit)
        }
    }

    static let cutOff = StoreCheck(
        "anOperationCutOffCanBeClaimed",
        "When the lease of a run has run out without a word, the operation can be claimed."
    ) { stage in
        let request = stage.emergency { $0.lease = stage.unit * 2 }
        _ = try await stage.store.beginEmergency(request)
        try await stage.subject.advance(stage.unit * 3)
        _ = try await stage.store.claimEmergency(request.id, lease: stage.unit * 2)
        try await stage.subject.advance(stage.unit * 3)
        let claimed = try await stage.store.claimEmergency(request.id, lease: stage.unit * 2)
        try stage.require(claimed.emergency.id, is: request.id, "the operation of the second claim")
    }

    static let renewed = StoreCheck(
        "aRenewedRunStaysUnderWay",
        "The lease of a run that is renewed in time does not run out."
    ) { stage in
        let request = stage.emergency { $0.lease = stage.unit * 20 }
        let token = try await stage.store.beginEmergency(request)
        for _ in 0..<2 {
            try await stage.subject.advance(stage.unit * 12)
            let isRenewed = try await stage.store.renewEmergency(request.id, token: token, lease: stage.unit * 20)
            try stage.require(isRenewed, is: true, "whether the run is the present one")
        }
        try await stage.require(.alreadyRetrying, "a claim during a renewed run") {
            _ = try await stage.store.claimEmergency(request.id, lease: stage.unit)
        }
    }

    static let crowd = StoreCheck(
        "oneOfManyClaimsAnOperation",
        "When many claim one operation at once, one gets it and all others are refused with alreadyRetrying."
    ) { stage in
        let id = try await stage.failedEmergency()
        let refusals = await withTaskGroup(of: ProcessingError.Code?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do {
                        _ = try await stage.store.claimEmergency(id, lease: stage.unit * 100)
                        return nil
                    } catch {
                        return (error as? ProcessingError)?.code ?? .invalidArgument
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        try stage.require(refusals.filter { $0 == nil }.count, is: 1, "claims that were granted")
        try stage.require(
            refusals.filter { $0 == .alreadyRetrying }.count,
            is: 7,
            "claims refused with alreadyRetrying"
        )
    }

    static let remembered = StoreCheck(
        "aDoneOperationIsRemembered",
        "A claim of an operation that was done is refused with alreadyResolved while it is remembered, of others with notFound."
    ) { stage in
        let id = try await stage.failedEmergency()
        let claimed = try await stage.store.claimEmergency(id, lease: stage.unit * 10)
        _ = try await stage.store.resolveEmergency(id, token: claimed.token, remembering: stage.unit * 20)
        try await stage.require(.alreadyResolved, "a claim of an operation that is done") {
            _ = try await stage.store.claimEmergency(id, lease: stage.unit)
        }
        try await stage.require(.alreadyResolved, "beginning an operation that is done") {
            _ = try await stage.store.beginEmergency(stage.emergency(id))
        }
        try await stage.subject.advance(stage.unit * 21)
        for other in [id, .next()] {
            try await stage.require(.notFound, "a claim of an operation that nobody knows") {
                _ = try await stage.store.claimEmergency(other, lease: stage.unit)
            }
        }
    }

    static let failsAgain = StoreCheck(
        "aFurtherFailureIsCounted",
        "An operation whose further run fails is failed again, with one failed run more, and can be claimed again."
    ) { stage in
        let id = try await stage.failedEmergency()
        let claimed = try await stage.store.claimEmergency(id, lease: stage.unit * 100)
        let isNoted = try await stage.store.failEmergency(id, token: claimed.token, error: "again")
        try stage.require(isNoted, is: true, "whether the run was the present one")
        let seen = try await stage.emergencies()
        try stage.require(seen.map(\.attempts), is: [2], "failed runs")
        try stage.require(seen.map(\.error), is: ["again"], "errors")
        try stage.require(seen.map(\.status), is: [.failed], "statuses")
        _ = try await stage.store.claimEmergency(id, lease: stage.unit)
    }

    static let stale = StoreCheck(
        "anEarlierRunChangesNothing",
        "Whoever has the token of an earlier run can neither resolve nor fail nor renew the operation."
    ) { stage in
        let request = stage.emergency { $0.lease = stage.unit }
        let stale = try await stage.store.beginEmergency(request)
        try await stage.subject.advance(stage.unit * 2)
        let present = try await stage.store.claimEmergency(request.id, lease: stage.unit * 100)
        let answers = [
            try await stage.store.resolveEmergency(request.id, token: stale, remembering: .zero),
            try await stage.store.failEmergency(request.id, token: stale, error: "late"),
            try await stage.store.renewEmergency(request.id, token: stale, lease: stage.unit),
        ]
        try stage.require(answers, is: [false, false, false], "answers to the earlier run")
        let seen = try await stage.emergencies()
        try stage.require(seen.map(\.status), is: [.retrying], "statuses")
        try stage.require(seen.map(\.attempts), is: [0], "failed runs")
        let isResolved = try await stage.store.resolveEmergency(request.id, token: present.token, remembering: .zero)
        try stage.require(isResolved, is: true, "whether the present run could resolve it")
    }
}
