import Glibc

/// An IPv4 or IPv6 address, as 16 bytes in network order; an IPv4 address is held in its mapped form, ::ffff:a.b.c.d
/// (RFC 4291, 2.5.5.2).
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// The first and last eight bytes.
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(ipv4: UInt32) { self.init(high: 0, low: 0xffff_0000_0000 | UInt64(ipv4)) }

    /// Reads dotted IPv4 or IPv6 text, strictly (no octal, no short forms, no zone); nil if it is neither.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    /// The address in a socket address of `length` bytes; nil if it is neither IPv4 nor IPv6.
    init?(_ address: UnsafePointer<sockaddr>, length: Int) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            self.init(ipv4: UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            self.init(raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: return nil
        }
    }

    private init(_ six: in6_addr) {
        (high, low) = withUnsafeBytes(of: six) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    /// The IPv4 address that this is, or that it is the mapped form of.
    var ipv4: UInt32? { high == 0 && low >> 32 == 0xffff ? UInt32(truncatingIfNeeded: low) : nil }

    /// The IPv4 address that traffic to this IPv6 address ends at: NAT64 (RFC 6052), translated (::ffff:0:a.b.c.d, RFC 2765, 2.1) and 6to4 (RFC 3056).
    var embedded: UInt32? {
        if high == 0x0064_ff9b_0000_0000, low >> 32 == 0 { return UInt32(truncatingIfNeeded: low) }
        if high == 0, low >> 32 == 0xffff_0000 { return UInt32(truncatingIfNeeded: low) }
        if high >> 48 == 0x2002 { return UInt32(truncatingIfNeeded: high >> 16) }
        return nil
    }

    package var description: String {
        if let ipv4 { return [24, 16, 8, 0].map { String((ipv4 >> UInt32($0)) & 0xff) }.joined(separator: ".") }
        var six = in6_addr()
        withUnsafeMutableBytes(of: &six) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            inet_ntop(AF_INET6, &six, text.baseAddress, socklen_t(INET6_ADDRSTRLEN)).map { String(cString: $0) } ?? "?"
        }
    }
}

/// A block of addresses, such as `10.0.0.0/8` or `fd00::/8`.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let first: NetworkAddress
    /// Leading bits that count, of 128.
    private let bits: Int
    package let description: String

    /// Reads `address/bits`, or one address; nil if it is neither, or if bits behind the prefix are set.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        let offset = parts[0].contains(":") ? 0 : 96
        var bits = 128
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...(128 - offset)).contains(length) else { return nil }
            bits = offset + length
        }
        self.init(address, bits: bits, description: text)
        guard AddressRange.masked(address, bits: bits) == address else { return nil }
    }

    private init(_ first: NetworkAddress, bits: Int, description: String) {
        self.first = first
        self.bits = bits
        self.description = description
    }

    package func contains(_ address: NetworkAddress) -> Bool { AddressRange.masked(address, bits: bits) == first }

    private static func masked(_ address: NetworkAddress, bits: Int) -> NetworkAddress {
        NetworkAddress(
            high: bits >= 64 ? address.high : address.high & ~(UInt64.max >> UInt64(bits)),
            low: bits <= 64 ? 0 : address.low & ~(bits >= 128 ? 0 : UInt64.max >> UInt64(bits - 64)))
    }
}
