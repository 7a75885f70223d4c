import CLibCurl
import Glibc

/// What looking up a host name gave.
package enum NameAnswer: Hashable, Sendable {
    /// In the order in which they are to be tried.
    case addresses([NetworkAddress])
    /// In the system's words.
    case failure(String)
}

/// Looks up a host name; may block for as long as the system's resolver does.
package typealias NameLookup = @Sendable (String) -> NameAnswer

/// Looks up host names on a few threads of its own. A thread that a dead name server holds up holds up no exchange: whoever asked gives up at a deadline of
/// their own.
final class NameResolver: Sendable {
    private let lookup: NameLookup
    private let threads: WorkThreads

    init(threadsMax: Int, lookup: @escaping NameLookup) {
        self.lookup = lookup
        threads = WorkThreads(threadsMax: threadsMax)
    }

    /// `answer` is called once, on a thread of the resolver's.
    func resolve(_ name: String, answer: @escaping @Sendable (NameAnswer) -> Void) {
        threads.add({ [lookup] in answer(lookup(name)) }, refusal: { answer(.failure("no thread to look it up: errno \($0)")) })
    }

    /// The system's own resolver, with its files, name servers and order of addresses (RFC 6724).
    static let system: NameLookup = { name in
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // No AI_ADDRCONFIG: it would hide loopback where that is all there is.
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard code == 0 else { return .failure(String(cString: gai_strerror(code))) }
        var addresses: [NetworkAddress] = []
        var next = found
        while let entry = next {
            if let raw = entry.pointee.ai_addr, let address = NetworkAddress(raw, length: Int(entry.pointee.ai_addrlen)), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .failure("it has no address") : .addresses(addresses)
    }
}
