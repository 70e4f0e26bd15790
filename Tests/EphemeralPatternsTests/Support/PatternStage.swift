import EphemeralTesting

typealias PatternStage = CoordinatorStage
typealias Failure = StagedFailure
