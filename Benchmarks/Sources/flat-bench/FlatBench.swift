import Configurations
import FlatFiles
import Formats
import Glibc
import Markup

/// How fast one core reads flat files and XML in memory-bounded pieces, nodes made and let go. `flat-bench FILE [ROUNDS] [LAYOUT]`
/// prints `name value unit` lines; the format is told by the name's ending (.csv, .xml, .idoc, .json), or is that of a layout.
@main
enum FlatBench {
    static let blockBytes = 1 << 18

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else {
            print("usage: flat-bench FILE [ROUNDS] [LAYOUT]")
            exit(2)
        }
        let path = arguments[1]
        let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 3 : 3
        var best = Double.infinity
        var sink = CountingSink()
        var summary = SourceSummary(format: "")
        for _ in 0..<rounds {
            sink = CountingSink()
            let started = now()
            summary = read(path, layout: arguments.count > 3 ? arguments[3] : nil, into: &sink)
            best = min(best, now() - started)
        }
        let speed = Double(summary.bytes) / best / 1e6
        print("\(summary.format).speed \((speed * 10).rounded() / 10) MB/s")
        print("\(summary.format).nodes \(sink.nodes) count")
        print("\(summary.format).fields \(sink.fields) count")
        print("\(summary.format).findings \(sink.findings) count")
        print("\(summary.format).memory \(peakKilobytes()) kB")
    }

    static func read(_ path: String, layout: String?, into sink: inout CountingSink) -> SourceSummary {
        if let layout {
            var reader = LayoutReader(layout: flatLayout(layout))
            return read(path, with: &reader, into: &sink)
        }
        switch path.split(separator: ".").last {
        case "xml":
            var reader = XMLReader()
            return read(path, with: &reader, into: &sink)
        case "idoc":
            var reader = IDocReader(segments: IDocSegments())
            return read(path, with: &reader, into: &sink)
        case "json", "jsonl":
            var reader = JSONReader()
            return read(path, with: &reader, into: &sink)
        default:
            var reader = CSVReader()
            return read(path, with: &reader, into: &sink)
        }
    }

    static func flatLayout(_ path: String) -> FlatLayout {
        var text: [UInt8] = []
        each(of: path) { text.append(contentsOf: $0) }
        let (root, _) = ConfigurationText.parse(String(decoding: text, as: UTF8.self), file: path)
        guard let root, let layout = FlatLayout.decode(root).layout else {
            print("\(path) is no layout")
            exit(2)
        }
        return layout
    }

    static func read<Reader: SourceReader>(_ path: String, with reader: inout Reader, into sink: inout CountingSink) -> SourceSummary {
        each(of: path) { reader.read($0, into: &sink) }
        return reader.finish(into: &sink)
    }

    /// Gives the bytes of a file, block by block.
    static func each(of path: String, _ take: (UnsafeBufferPointer<UInt8>) -> Void) {
        let file = open(path, O_RDONLY)
        guard file >= 0 else {
            print("cannot open \(path)")
            exit(2)
        }
        defer { close(file) }
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: blockBytes)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(file, buffer.baseAddress, blockBytes)
            guard count > 0 else { break }
            take(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Seconds of processor time: a machine with other work counts that not.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func peakKilobytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
