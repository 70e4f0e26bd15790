import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ManualTaskExecutorTests {
    let executor = ManualTaskExecutor()
    let ran = Journal<String>()

    @Test func nothingRunsUntilItIsRun() {
        executor.spawn { [ran] in ran.record("a") }
        #expect(executor.jobCount == 1)
        #expect(ran.elements.isEmpty)
        #expect(executor.runNext())
        #expect(ran.elements == ["a"])
        #expect(!executor.runNext())
    }

    @Test func tasksInterleaveAtTheirSuspensionsInTheOrderOfTheQueue() {
        for name in ["a", "b"] {
            executor.spawn { [ran] in
                ran.record(name + "1")
                await Task.yield()
                ran.record(name + "2")
            }
        }
        #expect(executor.runUntilIdle() >= 4)
        #expect(ran.elements == ["a1", "b1", "a2", "b2"])
    }

    @Test func childTasksAndResumedContinuationsStayOnTheExecutor() {
        let gate = Gate()
        executor.spawn { [ran] in
            await withTaskGroup { group in
                group.addTask {
                    await gate.waitIgnoringCancellation()
                    ran.record("child")
                }
            }
            ran.record("parent")
        }
        executor.runUntilIdle()
        #expect(ran.elements.isEmpty)
        gate.open()
        #expect(executor.jobCount == 1)
        executor.runUntilIdle()
        #expect(ran.elements == ["child", "parent"])
    }

    @Test func spawnedTasksReturnTheirValue() async throws {
        let task = executor.spawn { 7 }
        executor.runUntilIdle()
        #expect(try await task.value == 7)
    }
}
