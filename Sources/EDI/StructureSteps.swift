/// What an EDI segment does to the loops where nothing is wrong, worked out for each loop, item in it and tag. All of it is read by
/// address, as it is looked at for each segment.
struct StructureSteps {
    /// Where a tag goes from an item of a loop on.
    struct Step {
        /// Of the item, and one more, so that 0 is none; the highest bit says that it is plain.
        private var bits: UInt32

        static let none = Step(bits: 0)

        private init(bits: UInt32) { self.bits = bits }

        init(item: Int, isPlain: Bool) { bits = UInt32(item + 1) | (isPlain ? 1 << 31 : 0) }

        /// The first item from there on that has the tag; -1 where there is none.
        @inline(__always) var item: Int { Int(bits & 0x7FFF_FFFF) &- 1 }
        /// The item is taken as it stands: no variant of it or in its loop, no LS before it, nothing mandatory
        /// between, no HL, and nothing is asked of its elements.
        @inline(__always) var isPlain: Bool { bits >> 31 != 0 }
    }

    struct Loop {
        var steps: Int32
        var first: Int32
        /// The last item that is mandatory, or -1; `Int32.max` where variants are counted, so that leaving the loop is never plain.
        var lastMandatory: Int32
    }

    struct Item {
        /// The loop that it opens, or -1.
        var loop: Int32
        var max: Int32
    }

    let loops: UnsafePointer<Loop>
    let items: UnsafePointer<Item>
    let numbers: TagTable.Numbers
    private let steps: UnsafePointer<Step>
    private let tagCount: Int

    /// The step of a tag from an item on; `base` is that of the loop.
    @inline(__always)
    func step(_ tag: Int, from item: Int, at base: Int) -> Step { steps[base &+ item &* tagCount &+ tag] }

    /// Owns the memory.
    final class Table: Sendable {
        private let rows: FlatTable<Step>
        private let loops: FlatTable<Loop>
        private let items: FlatTable<Item>
        private let tags: TagTable
        private let tagCount: Int

        init(_ steps: [Step], _ loops: [StructureTables.Loop], _ items: [StructureTables.Item], _ tags: [String]) {
            rows = FlatTable(steps)
            self.loops = FlatTable(loops.map { loop in
                Loop(
                    steps: Int32(loop.steps), first: Int32(loop.first),
                    lastMandatory: loop.counters > 0 ? .max : Int32(loop.lastMandatory))
            })
            self.items = FlatTable(items.map { Item(loop: Int32($0.loop), max: Int32(clamping: $0.max)) })
            self.tags = TagTable(tags)
            tagCount = tags.count
        }

        var steps: StructureSteps {
            StructureSteps(loops: loops.base, items: items.base, numbers: tags.numbers, steps: rows.base, tagCount: tagCount)
        }
    }
}
