internal import Processing

extension RedisFailure {
    /// What a store throws for it.
    ///
    /// - Parameter place: What was tried, and where.
    /// - Returns: The error.
    func processingError(at place: String) -> ProcessingError {
        switch self {
        case .notSent(let reason):
            ProcessingError(
                code: .storeUnavailable,
                message: "\(place): \(reason); nothing was changed, try again when the server is back"
            )
        case .unknown(let reason):
            ProcessingError(
                code: .outcomeUnknown,
                message: "\(place): \(reason); it may have been done or not, look before trying again"
            )
        case .denied(let reason):
            ProcessingError(
                code: .storeRefused,
                message: "\(place): \(reason); check the user, the password, the database and the rights on the server"
            )
        case .overloaded(let reason):
            ProcessingError(
                code: .overloaded,
                message: "\(place): \(reason); slow down, or raise the limits in RedisStoreOptions"
            )
        case .tooLarge(let bytes, let limit):
            ProcessingError(
                code: .payloadTooLarge,
                message: "\(place): the command would have \(bytes) bytes and may have \(limit); store less at once"
            )
        case .closed: .closedStore
        case .answered(let error): error.processingError(at: place)
        }
    }
}

extension RedisServerError {
    private static let meanings: [(kinds: [String], code: ProcessingError.Code, advice: String)] = [
        (
            ["OOM"], .storeFull,
            "the server has no room; let workers drain it, or raise its maxmemory"
        ),
        (
            ["NOPERM", "NOAUTH", "WRONGPASS"], .storeRefused,
            "give the user the rights on these commands and keys"
        ),
        (
            ["WRONGTYPE"], .foreignStore,
            "another program uses keys of this store; choose another prefix or remove them"
        ),
        (
            ["MOVED", "ASK", "CROSSSLOT"], .foreignStore,
            "the server is a node of a cluster; give the address of a server that has all keys"
        ),
        (
            ["READONLY", "LOADING", "MASTERDOWN", "MISCONF", "NOREPLICAS", "BUSY", "TRYAGAIN", "CLUSTERDOWN"],
            .storeUnavailable,
            "nothing was changed, try again when the server is well"
        ),
    ]

    fileprivate func processingError(at place: String) -> ProcessingError {
        // Inside a script, servers say it in words that changed with versions.
        let isRight =
            message.contains("ACL failure in script") || message.contains("user executing the script can't run")
        for meaning in Self.meanings
        where meaning.kinds.contains(where: isKind) || isRight && meaning.code == .storeRefused {
            return ProcessingError(code: meaning.code, message: "\(place): \(self); \(meaning.advice)")
        }
        return ProcessingError(
            code: .storeRefused,
            message: "\(place): \(self); the server does not do what this store needs: Redis 6.2 or later, with scripts"
        )
    }
}
