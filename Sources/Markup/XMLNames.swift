import CLibXML2
import Formats

/// Numbers in the arena of local names and namespace URIs. libxml2 keeps each at one address for as long as the parser lives.
struct XMLNames {
    private typealias Entry = (address: UnsafeRawPointer?, number: Int32)

    /// How many there are in the arena.
    private(set) var count = 0
    private var byAddress: [UnsafeRawPointer: Int32] = [:]
    /// The numbers that were asked for last, by some bits of the address.
    private var recent = PlainMemory<Entry>(capacity: 256)

    init() {
        for _ in 0..<256 { recent.append((nil, -1)) }
    }

    func free() { recent.free() }

    @inline(__always)
    mutating func number(_ name: UnsafePointer<xmlChar>, in arena: inout SourceArena) -> Int32 {
        let address = UnsafeRawPointer(name)
        // Addresses of a dictionary of texts differ in their low bits.
        let slot = (Int(bitPattern: address) ^ Int(bitPattern: address) >> 8) & 255
        let known = recent[slot]
        if known.address == address { return known.number }
        return look(address, name, slot, &arena)
    }

    private mutating func look(
        _ address: UnsafeRawPointer, _ name: UnsafePointer<xmlChar>, _ slot: Int, _ arena: inout SourceArena
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
