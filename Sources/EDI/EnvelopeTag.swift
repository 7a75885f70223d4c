/// Tags that the readers themselves act on, packed as in ``SegmentScan/tag``.
enum EnvelopeTag {
    // As numbers, so that they are constants: a call would make each a variable that is begun when it is first asked for.
    static let isa: UInt32 = 0x49_53_41, gs: UInt32 = 0x47_53, st: UInt32 = 0x53_54, se: UInt32 = 0x53_45
    static let ge: UInt32 = 0x47_45, iea: UInt32 = 0x49_45_41, ta1: UInt32 = 0x54_41_31, hl: UInt32 = 0x48_4C
    static let una: UInt32 = 0x55_4E_41, unb: UInt32 = 0x55_4E_42, ung: UInt32 = 0x55_4E_47, unh: UInt32 = 0x55_4E_48
    static let unt: UInt32 = 0x55_4E_54, une: UInt32 = 0x55_4E_45, unz: UInt32 = 0x55_4E_5A
    static let stx: UInt32 = 0x53_54_58, bat: UInt32 = 0x42_41_54, mhd: UInt32 = 0x4D_48_44, mtr: UInt32 = 0x4D_54_52
    static let eob: UInt32 = 0x45_4F_42, end: UInt32 = 0x45_4E_44, rsg: UInt32 = 0x52_53_47

    /// The text of a packed tag.
    static func text(_ packed: UInt32) -> String {
        String(unsafeUninitializedCapacity: 4) { bytes in
            var count = 0
            for shift in stride(from: UInt32(24), through: 0, by: -8) where packed &>> shift & 0xFF != 0 {
                bytes[count] = UInt8(truncatingIfNeeded: packed &>> shift)
                count += 1
            }
            return count
        }
    }
}
