/// An array that is cut and refilled at its end all the time: what was cut keeps its memory and is written over.
///
/// `Array.removeLast(_:)` costs as much as reading an EDI segment does, and a reader needs it after each one. Elements must be
/// plain values without references (`Range` is one, and not `BitwiseCopyable`), so that they are copied and forgotten
/// without more. A copy shares the memory until one of the two is changed.
///
/// Public, as nothing else here is: the compiler does not specialise a generic `package` type in other modules, and each
/// look at a node would cost a call with metadata (measured with Swift 6.3).
public struct SourceStack<Element: Sendable>: RandomAccessCollection, Sendable {
    /// Owns the memory. Safe to share (`@unchecked`): it is written to only by a stack that is its single owner.
    @usableFromInline final class Memory: @unchecked Sendable {
        let base: UnsafeMutablePointer<Element>
        let capacity: Int

        init(capacity: Int) {
            base = .allocate(capacity: capacity)
            self.capacity = capacity
        }

        deinit { base.deallocate() }
    }

    private var memory: Memory
    /// The memory's own, at hand without a step through the object. Safe to share: `memory` keeps it alive, and only a single owner writes.
    @usableFromInline nonisolated(unsafe) var base: UnsafeMutablePointer<Element>
    @usableFromInline var used = 0

    public init() {
        memory = Memory(capacity: 64)
        base = memory.base
    }

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { used }
    @inlinable public var count: Int { used }

    @inlinable public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < used, "an element that was cut is not read")
        return base[index]
    }

    @inlinable public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result? {
        try body(UnsafeBufferPointer(start: base, count: used))
    }

    @inlinable public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        try body(UnsafeBufferPointer(start: base, count: used))
    }

    /// The elements by address, to be looked at until the stack is changed or let go.
    @inlinable public var view: SourceView<Element> { SourceView(base: base, count: used) }

    /// Makes room for more elements in memory of its own.
    @inline(__always)
    private mutating func makeRoom(_ count: Int) {
        if isKnownUniquelyReferenced(&memory), used + count <= memory.capacity { return }
        grow(count)
    }

    private mutating func grow(_ count: Int) {
        let needed = used + count
        let larger = Memory(capacity: needed <= memory.capacity ? memory.capacity : Swift.max(needed, 2 * memory.capacity))
        larger.base.update(from: base, count: used)
        memory = larger
        base = larger.base
    }

    /// Appends one element.
    @inline(__always)
    package mutating func append(_ element: Element) {
        makeRoom(1)
        base[used] = element
        used += 1
    }

    /// Appends elements that the caller writes, all of them, through the pointer that it is given.
    @inline(__always)
    mutating func extend(by count: Int) -> UnsafeMutablePointer<Element> {
        makeRoom(count)
        used += count
        return base + (used - count)
    }

    /// The elements, to be changed in place until the next change of another kind.
    @inline(__always)
    mutating func writable() -> UnsafeMutableBufferPointer<Element> {
        makeRoom(0)
        return UnsafeMutableBufferPointer(start: base, count: used)
    }

    /// Changes one element in place.
    @inline(__always)
    mutating func update(_ index: Int, _ change: (inout Element) -> Void) {
        precondition(index >= 0 && index < used, "an element that was cut is not changed")
        makeRoom(0)
        change(&base[index])
    }

    /// Cuts everything from an index on.
    @inline(__always)
    mutating func cut(to count: Int) {
        precondition(count >= 0 && count <= used, "a cut does not lengthen")
        used = count
    }
}

/// The elements of a ``SourceStack`` by address. It counts no reference, which for the short looks of a mapping costs more than the look.
///
/// It is good for as long as the stack stands unchanged: whoever takes one lets go of it before the arena is appended to. An index outside
/// of it traps, as in the stack.
///
/// Public for the same reason as the stack.
public struct SourceView<Element: Sendable>: @unchecked Sendable {
    @usableFromInline let base: UnsafePointer<Element>?
    public let count: Int

    @inlinable init(base: UnsafePointer<Element>?, count: Int) {
        self.base = base
        self.count = count
    }

    /// A view of nothing.
    @inlinable public init() { self.init(base: nil, count: 0) }

    @inlinable public subscript(index: Int) -> Element {
        // One comparison for both ends: a negative index is a large one without its sign.
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an element that was cut is not read")
        return base.unsafelyUnwrapped[index]
    }

    /// A range of the elements in a row.
    @inlinable public subscript(range: Range<Int>) -> UnsafeBufferPointer<Element> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements that were cut are not read")
        guard let base else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    }
}
