import Diagnostics
import Formats
import Markup

/// Each element of an XML sample that has a text, with an example and where it stands.
struct ElementSample: SourceSink {
    struct Seen {
        var count = 0
        var example: String
        var places: Set<Range<Int>> = []
    }
    private(set) var seen: [(path: String, element: Seen)] = []
    private var index: [String: Int] = [:]

    private init() {}

    static func read(_ bytes: [UInt8]) -> ElementSample {
        var sample = ElementSample()
        var options = XMLOptions()
        options.externalDocumentType = .ignore
        let reader = XMLReader(options: options)
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sample) }
        _ = reader.finish(into: &sample)
        return sample
    }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func found(_ diagnostic: Diagnostic) {}

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        for place in arena.nodes[Int(node)].fields {
            let field = arena.fields[Int(place)], text = arena.string(field).trimmed
            guard field.name < 0, !text.isEmpty else { continue }
            note(path(node, arena), text, field.bytes)
        }
        arena.discard(from: node)
    }

    /// The last three names tell enough.
    private func path(_ node: Int32, _ arena: borrowing SourceArena) -> String {
        var names: [String] = [], at = node
        while at >= 0, names.count < 3 {
            names.insert(arena.name(of: at), at: 0)
            at = arena.nodes[Int(at)].parent
        }
        return names.dropFirst(names.count == 3 ? 1 : 0).joined(separator: "/")
    }

    private mutating func note(_ path: String, _ text: String, _ bytes: Range<Int>) {
        if let known = index[path] {
            seen[known].element.count += 1
            seen[known].element.places.insert(bytes)
        } else if seen.count < EDISample.seenMax {
            index[path] = seen.count
            seen.append((path, Seen(count: 1, example: text, places: [bytes])))
        }
    }
}
