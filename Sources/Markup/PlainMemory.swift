/// Memory for plain values (without references) that grows at its end and is cut and filled again all the time. Its one owner
/// frees it. An array would ask at each step whether it is shared, which costs as much as the rest of the step.
struct PlainMemory<Element> {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 256) {
        base = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    func free() { base.deallocate() }

    var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "what was cut is not read")
            return base[index]
        }
        _modify {
            precondition(index >= 0 && index < count, "what was cut is not changed")
            yield &base[index]
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(1) }
        base[count] = element
        count &+= 1
    }

    @inline(__always)
    mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
        guard let first = elements.baseAddress else { return }
        if count + elements.count > capacity { grow(elements.count) }
        if elements.count <= 16 {
            // A call costs more than a short text does.
            for place in 0..<elements.count { base[count + place] = first[place] }
        } else {
            (base + count).update(from: first, count: elements.count)
        }
        count += elements.count
    }

    @inline(__always)
    mutating func removeLast() -> Element {
        precondition(count > 0, "what is empty has no last")
        count &-= 1
        return base[count]
    }

    @inline(__always)
    mutating func cut(to count: Int) {
        precondition(count >= 0 && count <= self.count, "a cut does not lengthen")
        self.count = count
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        capacity = max(count + more, 2 * capacity)
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }
}
