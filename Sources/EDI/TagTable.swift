/// Numbers of packed tags (``SegmentScan/tag``), by open addressing: one look for each EDI segment of a file.
final class TagTable: Sendable {
    fileprivate struct Slot: Sendable {
        var tag: UInt32 = 0
        var number: Int32 = -1
    }

    private let slots: FlatTable<Slot>

    /// - Parameter tags: each once; a tag's number is its place.
    init(_ tags: [String]) {
        // Under half full, so that a free slot ends a search soon.
        var count = 16
        while count < 2 * tags.count + 2 { count *= 2 }
        var slots = [Slot](repeating: Slot(), count: count)
        for (number, tag) in tags.enumerated() {
            let packed = Self.packed(tag)
            var slot = Numbers.start(packed) & (count - 1)
            while slots[slot].tag != 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Slot(tag: packed, number: Int32(number))
        }
        self.slots = FlatTable(slots)
    }

    static func packed(_ tag: String) -> UInt32 { tag.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// The table by its address. It lives as long as the table.
    var numbers: Numbers { Numbers(slots: slots.base, mask: slots.count - 1) }

    struct Numbers {
        fileprivate let slots: UnsafePointer<Slot>
        fileprivate let mask: Int

        fileprivate static func start(_ tag: UInt32) -> Int { Int((tag &* 2_654_435_761) >> 16) }

        /// The number of a packed tag; -1 where it is none of these.
        @inline(__always)
        func number(of tag: UInt32) -> Int {
            var slot = Self.start(tag) & mask
            while true {
                let found = slots[slot]
                if found.tag == tag { return Int(found.number) }
                if found.tag == 0 { return -1 }
                slot = (slot &+ 1) & mask
            }
        }
    }
}
