import Glibc
import Synchronization

/// A forward proxy on loopback: makes tunnels (CONNECT) to ports of loopback whatever host is asked for, or answers with a status.
final class TunnelProxy: Sendable {
    let port: Int
    private let listener: Int32
    private let target: Int
    private let refusal: Int?
    private let asked = Mutex<[String]>([])

    /// The head of each request, as it came.
    var requests: [String] { asked.withLock { $0 } }

    /// - Parameter refusal: the status that every request gets; nil makes the tunnel.
    init(to target: Int, refusal: Int? = nil) {
        (self.target, self.refusal) = (target, refusal)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = TunnelProxy.loopback(0), length = socklen_t(MemoryLayout<sockaddr_in>.size)
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
                TestThread.start { [self] in serve(client) }
            }
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var head: [UInt8] = []
        while !head.ends(with: "\r\n\r\n") {
            var byte: UInt8 = 0
            guard recv(client, &byte, 1, 0) == 1 else { return }
            head.append(byte)
        }
        asked.withLock { $0.append(String(decoding: head, as: UTF8.self)) }
        func answer(_ text: String) { _ = send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }
        if let refusal { return answer("HTTP/1.1 \(refusal) X\r\ncontent-length: 0\r\n\r\n") }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = TunnelProxy.loopback(target)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        guard isConnected else { return answer("HTTP/1.1 502 X\r\ncontent-length: 0\r\n\r\n") }
        answer("HTTP/1.1 200 X\r\n\r\n")
        var polled = [pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: server, events: Int16(POLLIN), revents: 0)]
        var block = [UInt8](repeating: 0, count: 16_384)
        while poll(&polled, 2, -1) > 0 {
            for (place, to) in [(0, server), (1, client)] where polled[place].revents != 0 {
                let count = recv(polled[place].fd, &block, block.count, 0)
                guard count > 0, send(to, block, count, Int32(MSG_NOSIGNAL)) == count else { return }
            }
        }
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { count >= text.utf8.count && suffix(text.utf8.count).elementsEqual(text.utf8) }
}
