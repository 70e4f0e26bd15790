extension ProcessingError {
    /// What a claim of an operation throws that is done.
    package static func resolved(_ id: EmergencyID) -> ProcessingError {
        ProcessingError(code: .alreadyResolved, message: "critical operation '\(id)' is done; nothing is left to try")
    }

    /// What a claim of an operation throws that is under way.
    package static func underWay(_ id: EmergencyID) -> ProcessingError {
        ProcessingError(
            code: .alreadyRetrying,
            message:
                "critical operation '\(id)' is under way somewhere else; wait for its end, or for its lease to run out"
        )
    }

    /// What a claim of an operation throws that nobody knows.
    package static func unknown(_ id: EmergencyID) -> ProcessingError {
        ProcessingError(
            code: .notFound,
            message: "there is no critical operation '\(id)'; it never failed, is forgotten, or its backup has expired"
        )
    }

    /// What a new operation throws whose identity another one has that is not done.
    package static func exists(_ emergency: Emergency) -> ProcessingError {
        ProcessingError(
            code: .alreadyExists,
            message: "critical operation '\(emergency.id)' exists already and is \(emergency.status.rawValue); "
                + "try that one again instead of beginning it anew"
        )
    }
}
