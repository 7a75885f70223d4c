import CLibCurl
import Glibc
import Synchronization

/// What looking up a host name gave.
package enum NameAnswer: Hashable, Sendable {
    /// In the order in which they are to be tried.
    case addresses([NetworkAddress])
    /// In the system's words.
    case failure(String)
}

/// Looks up a host name; may block for as long as the system's resolver does.
package typealias NameLookup = @Sendable (String) -> NameAnswer

/// Looks up host names on a few threads of its own, which end when there is nothing left to look up. A thread that a dead name server holds up holds
/// up no exchange: whoever asked gives up at a deadline of their own.
final class NameResolver: Sendable {
    private struct State {
        var waiting: [(name: String, answer: @Sendable (NameAnswer) -> Void)] = []
        var threads = 0
    }

    private let lookup: NameLookup
    private let threadsMax: Int
    private let state = Mutex(State())

    init(threadsMax: Int, lookup: @escaping NameLookup) {
        self.threadsMax = threadsMax
        self.lookup = lookup
    }

    /// `answer` is called once, on a thread of the resolver's.
    func resolve(_ name: String, answer: @escaping @Sendable (NameAnswer) -> Void) {
        let needsThread = state.withLock { state in
            state.waiting.append((name, answer))
            guard state.threads < threadsMax else { return false }
            state.threads += 1
            return true
        }
        guard needsThread else { return }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let failure = pthread_create(&thread, nil, { context in
            guard let context else { return nil }
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_BLOCK, &all, nil)
            Unmanaged<NameResolver>.fromOpaque(context).takeRetainedValue().work()
            return nil
        }, context)
        guard failure == 0 else {
            Unmanaged<NameResolver>.fromOpaque(context).release()
            let left = state.withLock { state in
                state.threads -= 1
                // Another thread, if there is one, does the work.
                return state.threads > 0 ? nil : state.waiting.popLast()
            }
            left?.answer(.failure("no thread to look it up: errno \(failure)"))
            return
        }
        pthread_detach(thread)
    }

    private func work() {
        while let next = state.withLock({ state -> (name: String, answer: @Sendable (NameAnswer) -> Void)? in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }) {
            next.answer(lookup(next.name))
        }
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
