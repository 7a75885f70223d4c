import Configurations
import Diagnostics
import Foundation
import Testing

/// The project's own configuration, and what becomes of it under damage.
@Suite struct BundleFileTests {
    /// Every YAML file of the repository's bundle, by path.
    private func files() throws -> [(path: String, text: String)] {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        var files: [(path: String, text: String)] = []
        for folder in ["Mappings", "Schemes"] {
            for path in try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path) where path.hasSuffix(".yaml") {
                let url = root.appendingPathComponent(folder).appendingPathComponent(path)
                files.append(("\(folder)/\(path)", try String(contentsOf: url, encoding: .utf8)))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    @Test func `the bundle of the repository is strict YAML`() throws {
        let files = try files()
        #expect(!files.isEmpty)
        for file in files {
            let parsed = ConfigurationText.parse(file.text, file: file.path)
            #expect(parsed.root != nil && parsed.diagnostics.isEmpty, "\(parsed.diagnostics.map(\.text))")
        }
    }

    @Test func `a damaged file gives a root or errors with places in it, never both`() throws {
        var random = SeededGenerator(state: 20_261_121)
        let signs = Array(" \t\n\r:-#&*!|>'\"%@`{}[],?~<0aé\u{0}\u{FEFF}\u{2028}".unicodeScalars)
        for file in try files() {
            for _ in 0..<20 {
                var scalars = Array(file.text.unicodeScalars)
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 0..<scalars.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: scalars[place] = signs.randomElement(using: &random) ?? " "
                    case 1: scalars.insert(signs.randomElement(using: &random) ?? " ", at: place)
                    default: scalars.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &random), scalars.count))
                    }
                    if scalars.isEmpty { scalars = ["a"] }
                }
                let parsed = ConfigurationText.parse(String(String.UnicodeScalarView(scalars)), file: file.path)
                #expect((parsed.root == nil) == !parsed.diagnostics.isEmpty)
                #expect(parsed.diagnostics.allSatisfy { ($0.position.line ?? 0) > 0 && $0.excerpt != nil })
                if let root = parsed.root { visit(root) }
            }
        }
    }

    /// Asks every scalar for places of its text: none may stop the program or go backward.
    private func visit(_ node: ConfigurationNode) {
        if let text = node.scalar {
            var last = (0, 0)
            for offset in stride(from: 0, through: text.utf8.count, by: max(text.utf8.count / 8, 1)) {
                let position = node.position(ofOffset: offset)
                let place = (position.line ?? 0, position.column ?? 0)
                #expect(place >= last, "byte \(offset) of \(text.debugDescription)")
                last = place
            }
        }
        for child in node.items + node.entries.flatMap({ [$0.key, $0.value] }) { visit(child) }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
