import ChangeControl
import Glibc
import Intake

/// The list of all files of a backup, in the form that `sha256sum -c` reads: a line for each, in the order of the bytes of their places. It is written and read
/// as a stream, so that a backup of millions of files takes no memory for them.
enum BackupManifest {
    static let name = "MANIFEST"

    struct Line: Hashable {
        let digest: String
        let place: String

        /// With a backslash before the line where the name has one, or an end of line, and these written out (sha256sum(1)).
        var text: String {
            let isPlain = !place.utf8.contains { $0 == 0x5C || $0 == 10 || $0 == 13 }
            if isPlain { return "\(digest)  \(place)\n" }
            return "\\\(digest)  \(place.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\r", with: "\\r"))\n"
        }

        init(digest: String, place: String) {
            self.digest = digest
            self.place = place
        }

        init?(_ text: String) {
            let isEscaped = text.hasPrefix("\\"), text = isEscaped ? text.dropFirst() : text[...]
            let digest = text.prefix(64), rest = text.dropFirst(64)
            guard ContentDigest(hex: digest) != nil, rest.hasPrefix("  "), let place = isEscaped ? Self.plain(rest.dropFirst(2)) : String(rest.dropFirst(2)), !place.isEmpty
            else { return nil }
            self.init(digest: String(digest), place: place)
        }

        private static func plain(_ text: Substring) -> String? {
            var plain = "", isEscape = false
            for scalar in text.unicodeScalars {
                if isEscape {
                    switch scalar {
                    case "\\": plain += "\\"
                    case "n": plain += "\n"
                    case "r": plain += "\r"
                    default: return nil
                    }
                    isEscape = false
                } else if scalar == "\\" {
                    isEscape = true
                } else {
                    plain.unicodeScalars.append(scalar)
                }
            }
            return isEscape ? nil : plain
        }
    }

    static func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
}

/// Writes lists of a backup, line by line.
struct BackupListWriter: ~Copyable {
    private var file: NewFile
    private var buffer: [UInt8] = []
    private var hasher = ContentHasher()
    private let name: String
    private(set) var lines = 0

    private static let blockBytes = 1 << 18

    init(in folder: String, name: String) throws {
        file = try NewFile(in: folder)
        self.name = name
    }

    mutating func add(_ line: BackupManifest.Line) throws {
        lines += 1
        buffer += line.text.utf8
        if buffer.count >= Self.blockBytes { try flush() }
    }

    /// Gives the list its name, and its digest.
    mutating func keep() throws -> ContentDigest {
        try flush()
        guard try file.keep(as: name) else { throw PipelineFailure(subject: name, cause: "it is there already", hint: "two backups at once? Run it again", isRetriable: true) }
        return hasher.digest
    }

    private mutating func flush() throws {
        let failure = buffer.withUnsafeBytes { bytes -> IntakeFailure? in
            hasher.add(bytes)
            do throws(IntakeFailure) {
                try file.write(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Reads a list of a backup, line by line, in order.
final class BackupListReader {
    private let path: String
    private let descriptor: Int32
    private var block: [UInt8]
    private var at = 0, end = 0
    private var hasher = ContentHasher()
    private var number = 0
    /// The line that was read last and not taken yet; nil after the last one.
    private(set) var line: BackupManifest.Line?
    private let isOrdered: Bool

    private static let blockBytes = 1 << 18, lineBytesMax = 1 << 16

    /// - Parameter isOrdered: whether its lines have to be in the order of their places, each once.
    init(_ path: String, isOrdered: Bool = true) throws {
        self.path = path
        self.isOrdered = isOrdered
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        block = [UInt8](repeating: 0, count: Self.blockBytes)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "is it the folder of a whole backup?") }
        try next()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Digest of all bytes, once the last line was taken.
    var digest: ContentDigest { hasher.digest }

    /// Goes to the next line.
    func next() throws {
        var bytes: [UInt8] = []
        while true {
            if at == end {
                let count = read(descriptor, &block, block.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "check the disk") }
                if count == 0 {
                    guard bytes.isEmpty else { throw damaged("its last line has no end") }
                    line = nil
                    return
                }
                (at, end) = (0, count)
                block[..<count].withUnsafeBytes { hasher.add($0) }
            }
            if let stop = block[at..<end].firstIndex(of: 10) {
                bytes += block[at..<stop]
                at = stop + 1
                break
            }
            bytes += block[at..<end]
            at = end
            guard bytes.count <= Self.lineBytesMax else { throw damaged("line \(number + 1) is longer than \(Self.lineBytesMax) bytes") }
        }
        number += 1
        guard let text = String(validating: bytes, as: UTF8.self), let found = BackupManifest.Line(text) else {
            throw damaged("line \(number) is not 64 hexadecimal digits, two spaces and a name")
        }
        if isOrdered, let line, !BackupManifest.precedes(line.place, found.place) { throw damaged("line \(number) is out of order: \(found.place.prefix(200))") }
        line = found
    }

    /// The digest of a place; nil where it has none. Places are asked for in order.
    func digest(of place: String) throws -> String? {
        while let line, BackupManifest.precedes(line.place, place) { try next() }
        // By the bytes: the same letters in other bytes are another name.
        return line.flatMap { $0.place.utf8.elementsEqual(place.utf8) ? $0.digest : nil }
    }

    private func damaged(_ cause: String) -> PipelineFailure { PipelineFailure(subject: path, cause: cause, hint: "it was written to, or the disk is bad: use another backup") }
}
