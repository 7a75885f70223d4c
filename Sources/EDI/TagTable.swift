/// Numbers of packed tags (``SegmentScan/tag``), by open addressing: one look for each EDI segment of a file.
struct TagTable: Sendable {
    private struct Slot: Sendable {
        var tag: UInt32 = 0
        var number: Int32 = -1
    }

    private let slots: [Slot]
    private let mask: Int

    /// - Parameter tags: each once; a tag's number is its place.
    init(_ tags: [String]) {
        // Under half full, so that a free slot ends a search soon.
        var count = 16
        while count < 2 * tags.count + 2 { count *= 2 }
        mask = count - 1
        var slots = [Slot](repeating: Slot(), count: count)
        for (number, tag) in tags.enumerated() {
            var packed: UInt32 = 0
            for byte in tag.utf8 { packed = packed << 8 | UInt32(byte) }
            var slot = Self.start(packed) & mask
            while slots[slot].tag != 0 { slot = (slot + 1) & mask }
            slots[slot] = Slot(tag: packed, number: Int32(number))
        }
        self.slots = slots
    }

    private static func start(_ tag: UInt32) -> Int { Int((tag &* 2_654_435_761) >> 16) }

    /// The number of a packed tag; -1 where it is none of these.
    func number(of tag: UInt32) -> Int {
        var slot = Self.start(tag) & mask
        while slots[slot].tag != 0 {
            if slots[slot].tag == tag { return Int(slots[slot].number) }
            slot = (slot + 1) & mask
        }
        return -1
    }
}
