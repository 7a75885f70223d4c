/// Counts of each name among the children of the open elements, for paths such as `/ORDERS05/IDOC[3]`.
///
/// Of each name only the count under the element that had it last is at hand. What it was before is put back when that
/// element ends, so that no element costs a table of its own.
struct SiblingCounts {
    /// By name: the serial number of the parent, and how many children of the name it had.
    private var latest = PlainMemory<(parent: Int, count: Int)>()
    private var replaced = PlainMemory<(name: Int32, parent: Int, count: Int)>()

    func free() {
        latest.free()
        replaced.free()
    }

    /// What ``close(_:)`` wants to be told of an element that is opened now.
    var mark: Int { replaced.count }

    /// The 1-based place of a new child among those of its name.
    @inline(__always)
    mutating func next(_ name: Int32, under parent: Int) -> Int {
        let index = Int(name)
        while latest.count <= index { latest.append((-1, 0)) }
        if latest[index].parent == parent {
            latest[index].count += 1
            return latest[index].count
        }
        replaced.append((name, latest[index].parent, latest[index].count))
        latest[index] = (parent, 1)
        return 1
    }

    /// The element whose mark this was has ended.
    @inline(__always)
    mutating func close(_ mark: Int) {
        while replaced.count > mark {
            let last = replaced.removeLast()
            latest[Int(last.name)] = (last.parent, last.count)
        }
    }
}
