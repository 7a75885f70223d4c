import EDI
import Formats

/// The first part of a sample, small enough to lie beside a mapping as the input of its test, and whole in itself.
enum SampleCut {
    private static let bytesMax = 128 << 10
    private static let setsMax = 3

    static func whole(_ file: SampleFile) -> [UInt8]? {
        file.isCut || file.bytes.count > bytesMax ? nil : file.bytes
    }

    /// Whole lines of JSON lines; one array only if it is small.
    static func json(_ file: SampleFile) -> [UInt8]? {
        if file.bytes.first(where: { $0 > 0x20 && $0 < 0x80 }) == UInt8(ascii: "{") {
            var ends: [Int] = []
            for (index, byte) in file.bytes.prefix(bytesMax).enumerated() where byte == 0x0A && ends.count < CSVSample.rowEndsKept { ends.append(index + 1) }
            // An object over several lines has no end that a line break tells.
            let isLines = file.bytes.prefix(ends.first ?? 0).last { $0 > 0x20 } == UInt8(ascii: "}")
            if isLines, let end = ends.last { return Array(file.bytes[..<end]) }
        }
        return whole(file)
    }

    /// The envelope with the first transaction sets or messages of it, its counts mended; the whole file where it is small.
    static func sets(_ file: SampleFile, _ sample: EDISample, _ standard: EDIStandard) -> [UInt8]? {
        if let whole = whole(file) { return whole }
        let bytes = file.bytes
        guard let interchange = sample.interchanges.first, let first = sample.sets.first else { return nil }
        let inside = sample.sets.prefix(setsMax).prefix { $0.bytes.upperBound <= bytesMax }
        guard let last = inside.last, first.bytes.lowerBound > interchange.bytes.lowerBound, last.bytes.upperBound < bytes.count else { return nil }
        let separator = bytes[interchange.bytes.lowerBound + 3]
        // What ends a set's last EDI segment: the terminator, and a line break where there is one.
        var end = last.bytes.upperBound + 1
        while end < bytes.count, bytes[end] == 0x0A || bytes[end] == 0x0D { end += 1 }
        let terminator = Array(bytes[last.bytes.upperBound..<end])
        func segment(_ elements: [String]) -> [UInt8] {
            Array(elements.map { Array($0.utf8) }.joined(separator: [separator])) + terminator
        }
        var cut = Array(bytes[..<end])
        let group = sample.groups.first { $0.bytes.lowerBound < first.bytes.lowerBound }
        switch standard {
        case .x12:
            guard let group else { return nil }
            cut += segment(["GE", String(inside.count), group.controlNumber]) + segment(["IEA", "1", interchange.controlNumber])
        case .edifact:
            if let group { cut += segment(["UNE", String(inside.count), group.controlNumber]) }
            cut += segment(["UNZ", group == nil ? String(inside.count) : "1", interchange.controlNumber])
        case .tradacoms:
            return nil
        }
        return cut
    }
}
