import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct XXH64Tests {
    /// Expected values from `xxhash.xxh64_intdigest` of the reference implementation's Python binding, lanes little-endian.
    @Test(
        arguments: [
            ([0x0], 0x34C9_6ACD_CADB_1BBB),
            ([0x1], 0x9F29_CB17_A2A4_9995),
            ([0xFFFF_FFFF_FFFF_FFFF], 0x85D1_36AD_B773_C6C9),
            ([0x0, 0x0], 0xAF09_F715_1624_7C32),
            ([0x1, 0x2], 0x4B18_0FEC_3EF3_D4AC),
            ([0x123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210], 0x733D_B3B8_8F76_71C0),
            ([0x0, 0x0, 0x0], 0xBB33_02E8_A960_8868),
            ([0x1, 0x2, 0x3], 0x8799_E152_E5C0_CDFA),
            ([0xDEAD_BEEF_CAFE_BABE, 0x1092, 0x0], 0x647E_2A31_2D79_36CE),
            ([0xDEAD_BEEF_CAFE_BABE, 0x1092, 0x1], 0x9D3E_54B1_CE35_20CE),
            ([0xDEAD_BEEF_CAFE_BABE, 0x1092, 0x2], 0xE05A_6C75_CFE8_AB51),
            ([0xDEAD_BEEF_CAFE_BABE, 0x1092, 0xFFFF_FFFF_FFFF_FFFF], 0x9C7C_6E4F_CDE0_5352),
        ] as [([UInt64], UInt64)]
    )
    func hashesOfWholeLanesEqualTheReferences(_ lanes: [UInt64], _ hash: UInt64) {
        let start = XXH64.start(byteCount: UInt64(lanes.count * 8))
        #expect(XXH64.finish(lanes.reduce(start) { XXH64.absorb($1, into: $0) }) == hash)
    }
}
