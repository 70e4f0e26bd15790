internal import EphemeralTime
internal import Processing
internal import ProcessingRedis

// Measures the store on a Redis server. Usage: redis-store-bench URL [JOBS]
guard CommandLine.arguments.count >= 2 else {
    print("usage: redis-store-bench redis://host:port/0 [jobs, 100000 by default]")
    throw ProcessingError(code: .invalidArgument, message: "the URL of the server is missing")
}
let jobs = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 100_000 : 100_000
var options = RedisStoreOptions()
options.queuePrefix = "bench:\(JobID.next()):queue:"
options.emergencyPrefix = "bench:\(JobID.next()):emergency:"
let store = try await RedisProcessingStore.open(CommandLine.arguments[1], options: options)
let bench = StoreBenchmark(store: store, jobs: jobs)
do {
    try await bench.run()
} catch {
    await store.shutdown()
    throw error
}
await store.shutdown()
