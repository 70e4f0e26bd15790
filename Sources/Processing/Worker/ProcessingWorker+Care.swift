internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

extension ProcessingWorker {
    /// Extends the leases of all jobs three times within their length, until its task is cancelled.
    func sendHeartbeats() async {
        repeat { await sendHeartbeat() } while (try? await manager.time.sleep(for: options.lease / 3)) != nil
    }

    private func sendHeartbeat() async {
        let now = manager.time.now
        let (leases, queues) = state.withLock { ($0.leases, $0.queues) }
        let heartbeat = Heartbeat(worker: id, queues: queues, leases: leases, lease: options.lease)
        do {
            let lost = Set(try await manager.store.heartbeat(heartbeat).map(\.token))
            state.withLock { state in
                state.noteAnswer(at: manager.time.now)
                state.renew(leases.lazy.map(\.token).filter { !lost.contains($0) }, since: now)
            }
            lose { lost.contains($0.claimed.lease.token) }
        } catch {
            note(error)
            // Nobody knows whether somebody else has the jobs by now.
            let end = manager.time.now
            lose { $0.renewedAt.advanced(by: options.lease) <= end }
        }
    }

    private func lose(where condition: (WorkerState.Held) -> Bool) {
        let lost = state.withLock { state in
            let lost = state.drop(where: condition)
            state.noteLost(lost.count)
            return lost
        }
        for held in lost {
            held.cancel?()
            manager.options.sink?.raise("job.lease_lost:\(held.claimed.job.queue)", key: held.claimed.job.id.rawValue)
            manager.options.observer?.leaseLost(held.claimed.job)
        }
        if !lost.isEmpty { bell.ring() }
    }

    /// Promotes delayed jobs, reaps expired leases and sweeps, until its task is cancelled.
    func maintain() async {
        var (nextReap, nextSweep) = (manager.time.now, manager.time.now)
        repeat {
            do {
                let queues = try await currentQueues()
                _ = try await manager.store.promoteDue(in: queues)
                let now = manager.time.now
                if now >= nextReap {
                    // At random, so that not all workers look at once.
                    nextReap = now.advanced(by: options.lease / 2 * (0.75 + manager.options.chance() / 2))
                    tell(try await manager.store.reapExpired(in: queues, lease: options.lease))
                }
                if now >= nextSweep {
                    nextSweep = now.advanced(by: options.sweepInterval)
                    try await manager.sweep()
                }
            } catch is CancellationError {
                return
            } catch {
                note(error)
            }
        } while (try? await manager.time.sleep(for: options.promoteInterval)) != nil
    }

    private func currentQueues() async throws -> [String] {
        if let queues = options.queues { return queues }
        let known = try await manager.store.queues()
        let queues = known.isEmpty ? ["default"] : known
        state.withLock { $0.queues = queues }
        return queues
    }

    private func tell(_ report: ReapReport) {
        for job in report.buried {
            manager.options.sink?.raise("job.deadletter:lease-expired:\(job)", key: job.rawValue)
        }
    }
}
