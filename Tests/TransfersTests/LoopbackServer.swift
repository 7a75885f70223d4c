import Glibc
import Synchronization

/// A real HTTP/1.1 server on 127.0.0.1 for tests: one thread a connection, and a script that answers each request. It can
/// do what no proper server does.
final class LoopbackServer: Sendable {
    struct Received: Sendable {
        var method: String
        var path: String
        var headers: [String: String]
        var body: [UInt8]
    }

    enum Reply: Sendable {
        case answer(Int, headers: [(String, String)] = [], body: String = "")
        /// A 200 whose body never ends.
        case endless
        /// A 200 that promises more body than it sends, and then nothing until the client goes.
        case stall
        /// Half a header, and then nothing until the client goes.
        case silence
        /// The connection is closed without an answer.
        case hangUp
        /// What comes back is not HTTP.
        case raw(String)
    }

    let port: Int
    private let listener: Int32
    private let script: @Sendable (Received) -> Reply
    private let connectionCount = Atomic<Int>(0)

    var url: String { "http://127.0.0.1:\(port)" }
    /// Connections accepted so far.
    var connections: Int { connectionCount.load(ordering: .relaxed) }

    init(_ script: @escaping @Sendable (Received) -> Reply) {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && listen(listener, 512) == 0 && getsockname(listener, raw, &length) == 0
            }
        }
        precondition(isListening, "the test server cannot listen")
        port = Int(UInt16(bigEndian: address.sin_port))
        TestThread.start { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                connectionCount.add(1, ordering: .relaxed)
                TestThread.start { [self] in serve(connection) }
            }
        }
    }

    /// Stops listening. (The listening thread holds the server, so this is not left to deinit.)
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var one: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var buffer: [UInt8] = []
        while let request = LoopbackServer.read(connection, &buffer) {
            switch script(request) {
            case .answer(let status, let headers, let body):
                var text = "HTTP/1.1 \(status) X\r\n"
                for (name, value) in headers { text += "\(name): \(value)\r\n" }
                if status != 204 { text += "content-length: \(body.utf8.count)\r\n" }
                guard LoopbackServer.write(connection, text + "\r\n" + body) else { return }
            case .endless:
                guard LoopbackServer.write(connection, "HTTP/1.1 200 X\r\n\r\n") else { return }
                let block = String(repeating: "x", count: 65_536)
                while LoopbackServer.write(connection, block) {}
                return
            case .stall:
                guard LoopbackServer.write(connection, "HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\nx") else { return }
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            case .silence:
                guard LoopbackServer.write(connection, "HTTP/1.1 200 X\r\nx-slow: ") else { return }
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            case .hangUp: return
            case .raw(let text):
                _ = LoopbackServer.write(connection, text)
                return
            }
        }
    }

    private static func read(_ connection: Int32, _ buffer: inout [UInt8]) -> Received? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let head = buffer.indices.dropLast(3).first(where: { buffer[$0] == 13 && Array(buffer[$0..<($0 + 4)]) == end }) {
                let lines = String(decoding: buffer[..<head], as: UTF8.self).split(separator: "\r\n")
                let words = lines[0].split(separator: " ")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    guard let colon = line.firstIndex(of: ":") else { continue }
                    let value = line[line.index(after: colon)...].drop { $0 == " " }
                    headers[line[..<colon].lowercased()] = String(value)
                }
                let length = headers["content-length"].flatMap { Int($0) } ?? 0
                while buffer.count < head + 4 + length { guard fill(connection, &buffer) else { return nil } }
                let body = Array(buffer[(head + 4)..<(head + 4 + length)])
                buffer.removeFirst(head + 4 + length)
                return Received(method: String(words[0]), path: String(words[1]), headers: headers, body: body)
            }
            guard fill(connection, &buffer) else { return nil }
        }
    }

    private static func fill(_ connection: Int32, _ buffer: inout [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { bytes in
            let count = recv(connection, bytes.baseAddress, bytes.count, 0)
            guard count > 0 else { return false }
            buffer.append(contentsOf: bytes[..<count])
            return true
        }
    }

    private static func write(_ connection: Int32, _ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = send(connection, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }
}
