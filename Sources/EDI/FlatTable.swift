/// An array that is written once and read by its address: a look at it counts no reference and steps through no object.
/// Whoever keeps the address keeps the table too.
///
/// Safe to share (`@unchecked`): nothing is written after `init`.
final class FlatTable<Element: Sendable>: @unchecked Sendable {
    let base: UnsafePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
        base = UnsafePointer(memory)
        count = elements.count
    }

    deinit {
        let memory = UnsafeMutablePointer(mutating: base)
        memory.deinitialize(count: count)
        memory.deallocate()
    }
}
