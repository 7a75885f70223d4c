import CLinux
import Glibc

/// A receiver that answers 204 to whatever is posted, on one thread, with keep-alive: as little as could count as one. It looks for the end of
/// the headers and skips as many bytes as `Content-Length` says.
final class Answerer {
    let port: Int
    private let listener: Int32
    private let epoll: Int32
    private var buffers: [Int32: [UInt8]] = [:]
    private static let answer = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)

    init(port wanted: Int) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(wanted).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && listen(listener, 4096) == 0 && getsockname(listener, raw, &length) == 0
            }
        }
        guard isListening else {
            print("webhook-bench: port \(wanted) is taken")
            exit(2)
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        epoll = crossdock_epoll_create()
        crossdock_epoll_ctl(epoll, Int32(crossdock_EPOLL_ADD), listener, crossdock_EPOLLIN, UInt64(listener))
    }

    func run() -> Never {
        var events = [crossdock_event](repeating: crossdock_event(), count: 64)
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = crossdock_epoll_wait(epoll, &events, 64, -1)
            for event in events.prefix(Int(max(0, count))) {
                let descriptor = Int32(event.tag)
                if descriptor == listener { accept() } else { serve(descriptor, &block) }
            }
        }
    }

    private func accept() {
        let connection = Glibc.accept(listener, nil, nil)
        guard connection >= 0 else { return }
        var one: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        crossdock_epoll_ctl(epoll, Int32(crossdock_EPOLL_ADD), connection, crossdock_EPOLLIN, UInt64(connection))
        buffers[connection] = []
    }

    private func serve(_ connection: Int32, _ block: inout [UInt8]) {
        let count = recv(connection, &block, block.count, 0)
        guard count > 0 else {
            buffers[connection] = nil
            close(connection)
            return
        }
        var bytes = buffers.removeValue(forKey: connection) ?? []
        bytes.append(contentsOf: block[..<count])
        while let length = Answerer.lengthOfRequest(bytes), bytes.count >= length {
            bytes.removeFirst(length)
            _ = Answerer.answer.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        buffers[connection] = bytes
    }

    /// nil while its headers have no end.
    private static func lengthOfRequest(_ bytes: [UInt8]) -> Int? {
        guard let end = position(of: Array("\r\n\r\n".utf8), in: bytes, from: 0) else { return nil }
        guard let named = position(of: Array("ength: ".utf8), in: bytes, from: 0), named < end else { return end + 4 }
        var value = 0, next = named + 7
        while (48...57).contains(bytes[next]) {
            value = value * 10 + Int(bytes[next] - 48)
            next += 1
        }
        return end + 4 + value
    }

    private static func position(of text: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= text.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            for at in start...(bytes.count - text.count) where bytes[at] == text[0] {
                if text.indices.allSatisfy({ bytes[at + $0] == text[$0] }) { return at }
            }
            return nil
        }
    }
}
