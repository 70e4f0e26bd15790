internal import Synchronization

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Generates operation identities: XXH64 over a random boot nonce, the process id and a counter.
///
/// With the counter as the last eight bytes every step of the hash is a bijection of it, so identities cannot repeat
/// within a process until the counter wraps. The nonce keeps processes apart, those with equal process ids in two
/// containers included. Counters whose hash is not positive are skipped, which every second one is; so that this costs
/// no further atomic operation, counters are drawn in blocks of four, of which the first good one is used.
///
/// Algorithm: XXH64, Yann Collet, "xxHash fast digest algorithm", version 0.1.1.
final class OperationIDGenerator: Sendable {
    static let shared = OperationIDGenerator(
        nonce: UInt64.random(in: .min ... .max),
        process: UInt64(truncatingIfNeeded: getpid())
    )

    private static let blockSize: UInt64 = 4

    private let prefix: UInt64
    private let counter: Atomic<UInt64>

    init(nonce: UInt64, process: UInt64, startingAt first: UInt64 = 0) {
        prefix = XXH64.absorb(process, into: XXH64.absorb(nonce, into: XXH64.start(byteCount: 24)))
        counter = Atomic(first)
    }

    func next() -> OperationID {
        while true {
            let first = counter.wrappingAdd(Self.blockSize, ordering: .relaxed).oldValue
            // All of the block is hashed and the first good one selected: a branch on each hash would be mispredicted
            // every second time, which costs more than the hashes.
            var selected: UInt64 = 0
            for offset in (0..<Self.blockSize).reversed() {
                let hash = XXH64.finish(XXH64.absorb(first &+ offset, into: prefix))
                selected = Int64(bitPattern: hash) > 0 ? hash : selected
            }
            if selected != 0 { return OperationID(rawValue: Int64(bitPattern: selected)) }
        }
    }
}

/// The short-input path of XXH64 with seed 0: whole eight-byte lanes, at most three of them.
enum XXH64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    static func start(byteCount: UInt64) -> UInt64 {
        prime5 &+ byteCount
    }

    static func absorb(_ lane: UInt64, into hash: UInt64) -> UInt64 {
        let mixed = rotated(lane &* prime2, by: 31) &* prime1
        return rotated(hash ^ mixed, by: 27) &* prime1 &+ prime4
    }

    static func finish(_ hash: UInt64) -> UInt64 {
        var hash = hash
        hash ^= hash >> 33
        hash &*= prime2
        hash ^= hash >> 29
        hash &*= prime3
        hash ^= hash >> 32
        return hash
    }

    @inline(__always)
    private static func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 {
        (value &<< bits) | (value &>> (64 - bits))
    }
}
