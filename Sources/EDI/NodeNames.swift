import Formats

/// Numbers of node names in the arena, by packed tag, so that a tag becomes a `String` once a file.
struct NodeNames {
    private struct Known {
        var tag: UInt32 = 0
        var name: Int32 = 0
    }

    private var byTag: [UInt32: Int32] = [:]
    private var last = [Known](repeating: Known(), count: 256)

    @inline(__always)
    mutating func index(of tag: UInt32, in arena: inout SourceArena) -> Int32 {
        let known = last[Int((tag &* 2_654_435_761) &>> 24)]
        return known.tag == tag ? known.name : find(tag, in: &arena)
    }

    @inline(never)
    private mutating func find(_ tag: UInt32, in arena: inout SourceArena) -> Int32 {
        let index = byTag[tag] ?? arena.intern(EnvelopeTag.text(tag))
        byTag[tag] = index
        last[Int((tag &* 2_654_435_761) &>> 24)] = Known(tag: tag, name: index)
        return index
    }
}
