import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct UpdateGateTests {
    let stage = PatternStage()
    let sink: SignalSink
    let gate: UpdateGate

    init() {
        sink = SignalSink(time: stage.time)
        gate = UpdateGate(sink: sink)
    }

    /// A read that stops at the gate of the stage.
    private func read(_ number: Int) -> StagedCall<Void> {
        stage.call { [stage, gate] in
            try await gate.read {
                stage.starts.record(number)
                try await stage.gate.wait()
            }
        }
    }

    private func update(_ number: Int) -> StagedCall<Void> {
        stage.call { [stage, gate] in
            try await gate.update {
                stage.starts.record(number)
                try await stage.gate.wait()
            }
        }
    }

    @Test func readsRunBesideEachOther() {
        let reads = [1, 2, 3].map(read)
        #expect(gate.activeReads == 3 && !gate.isClosed && sink.count == 0)
        stage.open()
        #expect(reads.allSatisfy { !$0.isSuspended } && gate.activeReads == 0)
    }

    /// D74: neither do running reads overlap an update, nor does one start until it is over.
    @Test func anUpdateWaitsForReadsThatRunAndReadsThatComeWaitForIt() {
        _ = read(1)
        let update = update(100)
        let late = read(2)
        #expect(stage.starts.elements == [1] && !sink.contains(UpdateGate.updating))
        #expect(sink.count(.name(UpdateGate.waiting)) == 1)
        stage.release()
        #expect(stage.starts.elements == [1, 100] && sink.contains(UpdateGate.updating))
        stage.release()
        #expect(!update.isSuspended && late.isSuspended && stage.starts.elements == [1, 100, 2])
        #expect(!sink.contains(UpdateGate.updating) && sink.contains(UpdateGate.updated))
        stage.open()
    }

    @Test func updatesRunOneAtATimeAndReadsThatCameMeanwhileGoFirst() {
        _ = update(100)
        _ = update(200)
        _ = read(1)
        stage.release()
        #expect(stage.starts.elements == [100, 1])
        stage.release()
        #expect(stage.starts.elements == [100, 1, 200])
        stage.open()
        #expect(sink.count(.name(UpdateGate.updated)) == 2)
    }

    @Test func anUpdateThatThrowsOpensTheGate() {
        let update = stage.call { [gate] in try await gate.update { throw Failure(number: 4) } }
        #expect(update.error as? Failure == Failure(number: 4))
        #expect(!gate.isClosed && !sink.contains(UpdateGate.updating))
    }

    @Test func aWaitingUpdateThatIsCancelledLetsReadsGoOn() {
        let first = read(1)
        let update = update(100)
        let second = read(2)
        #expect(second.isSuspended && stage.starts.elements == [1])
        update.cancel()
        stage.run()
        #expect(update.error is CancellationError && stage.starts.elements == [1, 2])
        stage.open()
        #expect(!first.isSuspended && !second.isSuspended && !sink.contains(UpdateGate.updated))
    }

    @Test func aWaitingReadThatIsCancelledLeaves() {
        _ = update(100)
        let late = read(1)
        late.cancel()
        stage.open()
        #expect(late.error is CancellationError && stage.starts.elements == [100] && gate.activeReads == 0)
    }

    @Test func anotherUpdateGoesOnWhenTheOneInFrontIsCancelled() {
        _ = read(1)
        let first = update(100)
        _ = update(200)
        first.cancel()
        stage.run()
        stage.release()
        #expect(stage.starts.elements == [1, 200])
        stage.open()
        #expect(!gate.isClosed)
    }

    @Test func inProgressSignalsOfOthersAreLeftAlone() {
        sink.raise(UpdateGate.updating)
        _ = update(100)
        stage.open()
        #expect(sink.count(.name(UpdateGate.updating)) == 1)
    }
}
