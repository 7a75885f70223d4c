import Formats

/// Numbers of node names in the arena, by packed tag, so that a tag becomes a `String` once a file.
struct NodeNames {
    private var byTag: [UInt32: Int32] = [:]
    private var lastTags = [UInt32](repeating: 0, count: 256)
    private var lastNames = [Int32](repeating: 0, count: 256)

    mutating func index(of tag: UInt32, in arena: inout SourceArena) -> Int32 {
        let slot = Int((tag &* 2_654_435_761) >> 24)
        if lastTags[slot] == tag { return lastNames[slot] }
        let index = byTag[tag] ?? arena.intern(EnvelopeTag.text(tag))
        byTag[tag] = index
        lastTags[slot] = tag
        lastNames[slot] = index
        return index
    }
}
