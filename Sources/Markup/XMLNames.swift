import CLibXML2
import Formats

/// Numbers in the arena of local names and namespace URIs. libxml2 keeps each at one address for as long as the parser lives.
struct XMLNames {
    /// No name lies at 0.
    private typealias Entry = (address: UInt, number: Int32)

    /// How many there are in the arena.
    private(set) var count = 0
    private var byAddress: [UInt: Int32] = [:]
    /// The numbers that were asked for last, by some bits of the address.
    private var recent = PlainMemory<Entry>(capacity: 1024)

    init() {
        for _ in 0..<1024 { recent.append((0, -1)) }
    }

    func free() { recent.free() }

    @inline(__always)
    mutating func number(_ name: UnsafePointer<xmlChar>, in arena: inout SourceArena) -> Int32 {
        let address = UInt(bitPattern: name)
        // The highest bits of a product depend on all of the address (Knuth, The Art of Computer Programming 3, 6.4).
        let slot = Int(truncatingIfNeeded: (UInt64(address) &* 0x9E37_79B9_7F4A_7C15) &>> 54), known = recent.base + slot
        return known.pointee.address == address ? known.pointee.number : look(address, name, slot, &arena)
    }

    @inline(never)
    private mutating func look(
        _ address: UInt, _ name: UnsafePointer<xmlChar>, _ slot: Int, _ arena: inout SourceArena
    ) -> Int32 {
        let number: Int32
        if let known = byAddress[address] {
            number = known
        } else {
            // An ampersand in a URI is left as libxml2 leaves it in attributes; no name has one.
            number = arena.intern(String(cString: name).replacing("&#38;", with: "&"))
            byAddress[address] = number
            count = arena.names.count
        }
        recent[slot] = (address, number)
        return number
    }
}
