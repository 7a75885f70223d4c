import Glibc
import Synchronization

/// Stands between a client and a server on loopback, and does what no network asks for: after so many bytes from one of the two something happens, and the
/// connection is cut if that says so.
final class CutProxy: Sendable {
    enum Side: Sendable { case client, server }
    /// Gives false where the connection is to be cut.
    typealias Hook = @Sendable () -> Bool

    let port: Int
    private let listener: Int32
    private let target: Int
    private struct Plan: Sendable {
        var side: Side
        var bytes: Int
        var hook: Hook
    }
    private let plan = Mutex<Plan?>(nil)
    private let accepted = Atomic<Int>(0)
    private let passed = Mutex<[Side: Int]>([:])

    /// Connections so far.
    var connections: Int { accepted.load(ordering: .relaxed) }

    init(to target: Int) {
        self.target = target
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = CutProxy.loopback(0), length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, raw, &length) == 0
            }
        }
        precondition(isListening, "the proxy cannot listen")
        port = Int(UInt16(bigEndian: address.sin_port))
        TestThread.start { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                accepted.add(1, ordering: .relaxed)
                serve(client)
            }
        }
    }

    /// Once this many more bytes have come from a side, over all connections, the hook is called, once.
    func after(_ bytes: Int, from side: Side, _ hook: @escaping Hook) {
        passed.withLock { $0 = [:] }
        plan.withLock { $0 = Plan(side: side, bytes: bytes, hook: hook) }
    }

    /// Bytes that came from a side since ``after(_:from:_:)``.
    func bytes(from side: Side) -> Int { passed.withLock { $0[side, default: 0] } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = CutProxy.loopback(target)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        guard isConnected else {
            close(client)
            close(server)
            return
        }
        var one: Int32 = 1
        for number in [client, server] { setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size)) }
        let open = Pair()
        for (side, from, to) in [(Side.client, client, server), (.server, server, client)] {
            TestThread.start { [self] in
                pump(side, from, to)
                shutdown(from, Int32(SHUT_RDWR))
                shutdown(to, Int32(SHUT_RDWR))
                if open.isLast() {
                    close(client)
                    close(server)
                }
            }
        }
    }

    private func pump(_ side: Side, _ from: Int32, _ to: Int32) {
        var block = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(from, &block, block.count, 0)
            guard count > 0 else { return }
            let total = passed.withLock { passed in
                passed[side, default: 0] += count
                return passed[side, default: 0]
            }
            let due = plan.withLock { plan -> Plan? in
                guard let standing = plan, standing.side == side, total >= standing.bytes else { return nil }
                plan = nil
                return standing
            }
            if let due, !due.hook() { return }
            var sent = 0
            while sent < count {
                let more = block[sent..<count].withUnsafeBytes { send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard more > 0 else { return }
                sent += more
            }
        }
    }

    /// Says who of two is the last.
    private final class Pair: Sendable {
        private let left = Atomic<Int>(2)
        func isLast() -> Bool { left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
