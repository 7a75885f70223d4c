import Glibc

/// Swift text without what is not code.
enum SwiftText {
    /// The text with comments and the characters of literals left out. Lines keep their numbers, and what is interpolated
    /// into a literal stays.
    static func code(_ text: String) -> String {
        var scan = Scan(bytes: Array(text.utf8))
        scan.run()
        return String(decoding: scan.kept, as: UTF8.self)
    }

    /// Whether a text holds a word: many times as fast as a pattern, which is then asked of few texts.
    static func holds(_ text: String, _ word: String) -> Bool { text.withCString { strstr($0, word) != nil } }

    private struct Scan {
        /// A literal that is open: how many `#` and quotes end it, and how many parentheses are open in an interpolation.
        struct Literal {
            let hashes: Int
            let quotes: Int
            var parentheses: Int?
        }

        let bytes: [UInt8]
        var kept: [UInt8] = []
        var at = 0
        var open: [Literal] = []

        private static let quote = UInt8(ascii: "\""), hash = UInt8(ascii: "#"), newline = UInt8(ascii: "\n")

        mutating func run() {
            while at < bytes.count {
                if let literal = open.last, literal.parentheses == nil { inLiteral(literal) } else { inCode() }
            }
        }

        private func next(_ text: StaticString, at start: Int) -> Bool {
            text.withUTF8Buffer { start + $0.count <= bytes.count && bytes[start..<start + $0.count].elementsEqual($0) }
        }

        private func count(of byte: UInt8, from start: Int) -> Int { bytes[start...].prefix { $0 == byte }.count }

        private mutating func inCode() {
            if next("//", at: at) {
                while at < bytes.count, bytes[at] != Self.newline { at += 1 }
            } else if next("/*", at: at) {
                skipBlock()
            } else if bytes[at] == Self.quote || bytes[at] == Self.hash {
                begin()
            } else {
                interpolate(bytes[at])
                kept.append(bytes[at])
                at += 1
            }
        }

        private mutating func skipBlock() {
            var depth = 0
            repeat {
                if next("/*", at: at) { (depth, at) = (depth + 1, at + 2) }
                else if next("*/", at: at) { (depth, at) = (depth - 1, at + 2) }
                else {
                    if bytes[at] == Self.newline { kept.append(Self.newline) }
                    at += 1
                }
            } while depth > 0 && at < bytes.count
        }

        private mutating func begin() {
            let hashes = count(of: Self.hash, from: at)
            let quotes = count(of: Self.quote, from: at + hashes)
            guard quotes > 0 else {
                kept += bytes[at..<at + hashes]
                return at += hashes
            }
            if quotes == 2 { return at += hashes + 2 }
            let opening = quotes >= 3 ? 3 : 1
            open.append(Literal(hashes: hashes, quotes: opening))
            at += hashes + opening
        }

        /// Counts the parentheses of an interpolation; the one that closes it goes back to the literal.
        private mutating func interpolate(_ byte: UInt8) {
            guard let depth = open.last?.parentheses else { return }
            if byte == UInt8(ascii: "(") { open[open.count - 1].parentheses = depth + 1 }
            if byte == UInt8(ascii: ")") { open[open.count - 1].parentheses = depth == 1 ? nil : depth - 1 }
        }

        private mutating func inLiteral(_ literal: Literal) {
            if bytes[at] == UInt8(ascii: "\\"), count(of: Self.hash, from: at + 1) >= literal.hashes {
                at += 1 + literal.hashes
                guard at < bytes.count else { return }
                if bytes[at] == UInt8(ascii: "(") { open[open.count - 1].parentheses = 1 }
                if bytes[at] == Self.newline { kept.append(Self.newline) }
                at += 1
            } else if count(of: Self.quote, from: at) >= literal.quotes,
                count(of: Self.hash, from: at + literal.quotes) >= literal.hashes {
                open.removeLast()
                at += literal.quotes + literal.hashes
            } else {
                if bytes[at] == Self.newline { kept.append(Self.newline) }
                at += 1
            }
        }
    }
}
