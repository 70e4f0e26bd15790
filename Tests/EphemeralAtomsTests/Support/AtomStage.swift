import EphemeralTesting

typealias AtomStage = CoordinatorStage
typealias Failure = StagedFailure
