/// Tags that the readers themselves act on, packed as in ``SegmentScan/tag``.
enum EnvelopeTag {
    static let isa = pack("ISA"), gs = pack("GS"), st = pack("ST"), se = pack("SE"), ge = pack("GE"), iea = pack("IEA")
    static let ta1 = pack("TA1"), hl = pack("HL")
    static let una = pack("UNA"), unb = pack("UNB"), ung = pack("UNG"), unh = pack("UNH"), unt = pack("UNT")
    static let une = pack("UNE"), unz = pack("UNZ")
    static let stx = pack("STX"), bat = pack("BAT"), mhd = pack("MHD"), mtr = pack("MTR"), eob = pack("EOB"), end = pack("END")
    static let rsg = pack("RSG")

    static func pack(_ tag: StaticString) -> UInt32 {
        var packed: UInt32 = 0
        for index in 0..<tag.utf8CodeUnitCount { packed = packed << 8 | UInt32(tag.utf8Start[index]) }
        return packed
    }

    /// The text of a packed tag.
    static func text(_ packed: UInt32) -> String {
        var bytes: [UInt8] = []
        for shift in [24, 16, 8, 0] as [UInt32] where packed >> shift & 0xFF != 0 {
            bytes.append(UInt8(packed >> shift & 0xFF))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
