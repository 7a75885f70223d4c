import Configurations
import Diagnostics
import EDI
import Formats
import Glibc

/// Reads one EDI file as the daemon does, in blocks into one buffer, and prints `name value unit` a line. Speed is by
/// processor time.
///
/// `edi-bench FILE [STRUCTURES-FOLDER ROUNDS]`: with a folder of structure files the loops are formed and checked.
@main struct EDIBench {
    static let blockBytes = 256 * 1024

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else {
            print("usage: edi-bench FILE [STRUCTURES-FOLDER|- [ROUNDS]]")
            exit(2)
        }
        let structures = arguments.count > 2 && arguments[2] != "-" ? structures(in: arguments[2]) : TransactionStructures()
        let rounds = arguments.count > 3 ? Int(arguments[3]) ?? 5 : 5
        var seconds: [Double] = []
        var result = Result()
        for _ in 0..<rounds {
            let start = now()
            result = read(arguments[1], structures)
            seconds.append(now() - start)
        }
        seconds.sort()
        let kind = structures.isEmpty ? "envelope" : "structure"
        let megabytes = Double(result.summary.bytes) / 1e6
        show("edi.\(result.summary.format).\(kind).speed", megabytes / seconds[seconds.count / 2], "MB/s")
        show("edi.\(result.summary.format).\(kind).best", megabytes / seconds[0], "MB/s")
        print("edi.\(result.summary.format).transaction-sets \(result.summary.transactionSets) count")
        print("edi.\(result.summary.format).segments \(result.summary.segments) count")
        print("edi.\(result.summary.format).fields \(result.fields) count")
        for (code, finding) in result.findings.sorted(by: { $0.key.name < $1.key.name }) {
            print("edi.\(result.summary.format).findings.\(code) \(finding.count) count   # \(finding.first)")
        }
        let scan = megabytes / Swift.max(countTerminators(arguments[1]), 1e-9)
        show("edi.\(result.summary.format).peer.scan", scan, "MB/s")
        show("edi.\(result.summary.format).\(kind).of-scan", megabytes / seconds[0] / scan * 100, "%")
        print("edi.\(result.summary.format).memory \(peakKilobytes()) kB")
    }

    struct Result {
        var summary = SourceSummary(format: "")
        var fields = 0
        var findings: [DiagnosticCode: (count: Int, first: String)] = [:]
    }

    /// Seconds of the least that a reader must do: the same blocks, each byte compared with three delimiters.
    static func countTerminators(_ path: String) -> Double {
        let file = open(path, O_RDONLY)
        defer { close(file) }
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: blockBytes)
        defer { buffer.deallocate() }
        let start = now()
        var found = 0
        while true {
            let count = Glibc.read(file, buffer.baseAddress, blockBytes)
            guard count > 0 else { break }
            for index in 0..<count where buffer[index] == 0x7E || buffer[index] == 0x2A || buffer[index] == 0x27 { found &+= 1 }
        }
        // What is found is used, so that the loop is not left out.
        return found < 0 ? 0 : now() - start
    }

    static func read(_ path: String, _ structures: TransactionStructures) -> Result {
        let file = open(path, O_RDONLY)
        guard file >= 0 else {
            print("cannot open \(path)")
            exit(2)
        }
        defer { close(file) }
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: blockBytes)
        defer { buffer.deallocate() }
        let head = UnsafeBufferPointer(buffer)
        guard pread(file, buffer.baseAddress, 64, 0) > 0 else { return Result() }
        var reader = EDIReader(EDIReader.recognised(head: Array(head.prefix(64))) ?? .x12, file: path, structures: structures)
        return read(file, buffer, with: &reader)
    }

    static func read<Reader: SourceReader>(
        _ file: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>, with reader: inout Reader
    ) -> Result {
        var sink = CountingSink()
        while true {
            let count = Glibc.read(file, buffer.baseAddress, blockBytes)
            guard count > 0 else { break }
            reader.read(UnsafeBufferPointer(rebasing: buffer[..<count]), into: &sink)
        }
        return Result(summary: reader.finish(into: &sink), fields: sink.fields, findings: sink.findings)
    }

    /// Seconds of processor time: a machine with other work counts that not.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func show(_ name: String, _ value: Double, _ unit: String) {
        print("\(name) \((value * 10).rounded() / 10) \(unit)")
    }

    static func peakKilobytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
