/// Counts of each name among the children of the open elements, for paths such as `/ORDERS05/IDOC[3]`.
///
/// Of each name only the count under the element that had it last is at hand. What it was before is put back when that
/// element ends, so that no element costs a table of its own; unless it was that of an element that has ended, which nothing asks for.
struct SiblingCounts {
    /// By name: the serial number of the parent, how deep it is, and how many children of the name it had.
    private var latest = PlainMemory<Count>()
    private var replaced = PlainMemory<(name: Int32, count: Count)>()

    private struct Count {
        var parent: Int32 = -1
        var depth: Int32 = 0
        var children: Int32 = 0
    }

    func free() {
        latest.free()
        replaced.free()
    }

    /// What ``close(_:)`` wants to be told of an element that is opened now.
    var mark: Int32 { Int32(truncatingIfNeeded: replaced.count) }

    /// The 1-based place of a new child among those of its name.
    ///
    /// - Parameters:
    ///   - parent: serial number of the element that it is in.
    ///   - depth: how many are open.
    ///   - isOpen: whether an element is open still, asked for one with fewer around it than `depth`.
    @inline(__always)
    mutating func next(_ name: Int32, under parent: Int32, _ depth: Int, isOpen: (_ element: Int32, _ depth: Int32) -> Bool) -> Int32 {
        let index = Int(name)
        if index >= latest.count { addNames(index) }
        let known = latest.base + index
        if known.pointee.parent == parent {
            known.pointee.children &+= 1
            return known.pointee.children
        }
        if known.pointee.depth < depth, isOpen(known.pointee.parent, known.pointee.depth) { replaced.append((name, known.pointee)) }
        known.pointee = Count(parent: parent, depth: Int32(truncatingIfNeeded: depth) &- 1, children: 1)
        return 1
    }

    @inline(never)
    private mutating func addNames(_ index: Int) {
        while latest.count <= index { latest.append(Count()) }
    }

    /// The element whose mark this was has ended.
    @inline(__always)
    mutating func close(_ mark: Int32) {
        while replaced.count > mark {
            let last = replaced.removeLast()
            latest[Int(last.name)] = last.count
        }
    }
}
