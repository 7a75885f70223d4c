/// Counts of each name among the children of the open elements, for paths such as `/ORDERS05/IDOC[3]`.
///
/// Of each name only the count under the element that had it last is at hand. What it was before is put back when that
/// element ends, so that no element costs a table of its own.
struct SiblingCounts {
    /// By name: the serial number of the parent, and how many children of the name it had.
    private var latest = PlainMemory<(parent: Int32, count: Int32)>()
    private var replaced = PlainMemory<(name: Int32, parent: Int32, count: Int32)>()

    func free() {
        latest.free()
        replaced.free()
    }

    /// What ``close(_:)`` wants to be told of an element that is opened now.
    var mark: Int32 { Int32(truncatingIfNeeded: replaced.count) }

    /// The 1-based place of a new child among those of its name.
    @inline(__always)
    mutating func next(_ name: Int32, under parent: Int32) -> Int32 {
        let index = Int(name)
        while latest.count <= index { latest.append((-1, 0)) }
        let known = latest.base + index
        if known.pointee.parent == parent {
            known.pointee.count += 1
            return known.pointee.count
        }
        replaced.append((name, known.pointee.parent, known.pointee.count))
        known.pointee = (parent, 1)
        return 1
    }

    /// The element whose mark this was has ended.
    @inline(__always)
    mutating func close(_ mark: Int32) {
        while replaced.count > mark {
            let last = replaced.removeLast()
            latest[Int(last.name)] = (last.parent, last.count)
        }
    }
}
