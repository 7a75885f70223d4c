/// Which resolved addresses a transfer may reach. It is asked with the address of the socket, after name resolution, so
/// that a name that changes its address between check and use gains nothing.
package struct AddressPolicy: Hashable, Sendable {
    /// Loopback and private ranges that the target may reach. Nothing here opens link-local or metadata addresses.
    package let allowed: [AddressRange]

    /// Public addresses only.
    package static let publicOnly = AddressPolicy(allowing: [])

    package init(allowing allowed: [AddressRange]) { self.allowed = allowed }

    package enum Verdict: Hashable, Sendable {
        case admitted
        /// Refused wherever it is listed: `reason` says what the address is.
        case neverAdmitted(reason: String)
        /// Refused as it is in no allowed range.
        case notAllowed(reason: String)
    }

    package func verdict(on address: NetworkAddress) -> Verdict {
        // What reaches an IPv4 address through IPv6 is judged as that IPv4 address.
        let judged = address.embedded.map { NetworkAddress(ipv4: $0) } ?? address
        for block in AddressPolicy.neverAdmitted where block.range.contains(judged) {
            return .neverAdmitted(reason: block.name)
        }
        for block in AddressPolicy.restricted where block.range.contains(judged) {
            return allowed.contains { $0.contains(judged) } ? .admitted : .notAllowed(reason: block.name)
        }
        return .admitted
    }

    /// Why an address may not be reached, as a sentence; nil where it may.
    func refusal(of address: NetworkAddress) -> String? {
        switch verdict(on: address) {
        case .admitted: nil
        case .neverAdmitted(let reason): "\(address) is \(reason) and is never reached"
        case .notAllowed(let reason): "\(address) is \(reason) and in no range of allowAddresses"
        }
    }

    private struct Block: Sendable {
        let range: AddressRange
        let name: String
    }

    private static func blocks(_ list: [(String, String)]) -> [Block] {
        list.map { text, name in
            guard let range = AddressRange(text) else { preconditionFailure("\(text) is no address range") }
            return Block(range: range, name: name)
        }
    }

    /// Link-local carries the clouds' metadata services (169.254.169.254), and some have an address beside it: AWS and Google in IPv6, Alibaba, Oracle, and
    /// Azure's, which is a public one. The others are no unicast destination.
    private static let neverAdmitted = blocks([
        ("169.254.0.0/16", "link-local (cloud metadata)"), ("fe80::/10", "link-local"),
        ("fd00:ec2::/64", "cloud metadata"), ("100.100.100.200", "cloud metadata"), ("192.0.0.192", "cloud metadata"),
        ("168.63.129.16", "cloud metadata"), ("fd20:ce::254", "cloud metadata"),
        ("0.0.0.0/8", "this network"), ("::", "unspecified"), ("224.0.0.0/4", "multicast"), ("ff00::/8", "multicast"),
        ("255.255.255.255", "broadcast"),
    ])

    /// IANA's special-purpose registries (RFC 6890), without what is globally reachable.
    private static let restricted = blocks([
        ("127.0.0.0/8", "loopback"), ("::1", "loopback"),
        ("10.0.0.0/8", "private"), ("172.16.0.0/12", "private"), ("192.168.0.0/16", "private"), ("fc00::/7", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"), ("198.18.0.0/15", "benchmarking"), ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"), ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
        ("2001:db8::/32", "documentation"), ("240.0.0.0/4", "reserved"), ("::/96", "IPv4-compatible"),
        ("64:ff9b:1::/48", "local-use NAT64"), ("2001::/32", "Teredo"), ("fec0::/10", "site-local"),
        ("5f00::/16", "segment routing"), ("100::/64", "discard-only"),
    ])
}
