import CLibXML2

/// Local names and namespace URIs, each with a number. libxml2 keeps each at one address for as long as the parser lives.
struct XMLNames {
    /// By number.
    private(set) var texts: [String] = []
    private var byAddress: [UnsafeRawPointer: Int32] = [:]
    /// The numbers that were asked for last, by some bits of the address.
    private var recent = [(address: UnsafeRawPointer?, number: Int32)](repeating: (nil, -1), count: 256)

    @inline(__always)
    mutating func number(_ name: UnsafePointer<xmlChar>) -> Int32 {
        let address = UnsafeRawPointer(name)
        // Addresses of a dictionary of texts differ in their low bits.
        let slot = Int(bitPattern: address) ^ Int(bitPattern: address) >> 8
        let known = recent[slot & 255]
        if known.address == address { return known.number }
        return look(address, name, slot & 255)
    }

    private mutating func look(_ address: UnsafeRawPointer, _ name: UnsafePointer<xmlChar>, _ slot: Int) -> Int32 {
        let number: Int32
        if let known = byAddress[address] {
            number = known
        } else {
            number = Int32(texts.count)
            texts.append(String(cString: name))
            byAddress[address] = number
        }
        recent[slot] = (address, number)
        return number
    }
}
