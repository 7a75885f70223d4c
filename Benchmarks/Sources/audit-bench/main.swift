// How fast a log is verified: `audit-bench [ENTRIES]`, 1,000,000 unless said. Prints `name value unit`, one a line.
import ChangeControl
import Foundation
import Glibc
import Pipeline
import Store
import Values

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-audit-bench-\(getpid())").path
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

func seconds<Result>(_ name: String, _ work: () throws -> Result) rethrows -> Result {
    var start = timespec(), end = timespec(), used = rusage()
    clock_gettime(CLOCK_MONOTONIC, &start)
    let result = try work()
    clock_gettime(CLOCK_MONOTONIC, &end)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &used)
    let wall = Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
    print("\(name).seconds \(String(format: "%.3f", wall)) s")
    print("\(name).memory \(String(format: "%.1f", Double(used.ru_maxrss) / 1000)) MB")
    return result
}

func expect(_ condition: Bool, _ fact: String) {
    if !condition {
        print("wrong: \(fact)")
        exit(1)
    }
}

guard let signer = NoteSigner(name: "bench", seed: [UInt8](repeating: 1, count: 32)) else { preconditionFailure("32 bytes are a seed") }
let store = try Store(driver: SQLiteDriver(path: "\(folder)/store.sqlite"))

/// A body as a run of ten decisions leaves it.
func body(_ number: Int) -> Value {
    .context(ContextValue([
        ("occasion", .string("arrival")), ("state", .string(String(repeating: "5e", count: 32))), ("now", .string("2026-11-21T10:00:00.123456789Z")),
        ("evaluated", .integer(number % 500)), ("decisions", .integer(number % 10)), ("effects", .integer(number % 7)),
    ]))
}

seconds("log.append") {
    do {
        try store.driver.write { session in
            try Store.begin(LogEntry.genesis(at: Instant(seconds: 1_795_000_000), body: "{\"origin\":\"bench\"}"), in: session)
            try Store.append(.checkpointKey, text: LogBody.checkpointKey(signer.key), at: Instant(seconds: 1_795_000_000), in: session)
        }
        for start in stride(from: 2, to: count, by: 10_000) {
            try store.driver.write { session in
                for number in start..<min(start + 10_000, count) {
                    try Store.append(.runCommitted, body(number), at: Instant(seconds: 1_795_000_000 + Int64(number), nanoseconds: 123_456_789), in: session)
                }
            }
        }
    } catch {
        print("wrong: \(error)")
        exit(1)
    }
}

// The checkpoint of the whole log, from its tree built anew.
var range = MerkleRange()
try seconds("tree") {
    try store.forEachLogEntry { entry in
        range.append(MerkleTree.leaf(entry.hash))
        return true
    }
}
let witness = WitnessedCheckpoint(
    source: "bench", signed: SignedCheckpoint(Checkpoint(origin: "bench", size: range.count, root: range.root), by: signer))

try seconds("verify.store") {
    var chain = LogVerification(), tree = CheckpointVerification(witnessed: [witness], pinned: [signer.key]), answering = 0
    try store.driver.read { session in
        try DigestedLog.forEach(in: session) { entry, digests in
            expect(
                chain.check(entry, digests: digests) == nil && tree.add(entry.hash, entry.kind, leaf: digests.leaf, body: { entry.body }) == nil,
                "entry \(entry.position)")
            if LogRows(body: entry.body) != nil { answering += 1 }
            return true
        }
    }
    expect(chain.finish() == nil && tree.finish() == nil && chain.count == count && tree.held == 1 && answering == 0, "the log of the store")
}

let path = "\(folder)/log.jsonl"
expect(FileManager.default.createFile(atPath: path, contents: nil), "the file")
let output = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
try seconds("export") {
    var buffer: [UInt8] = []
    try store.forEachLogEntry { entry in
        expect(LogFile.append(entry, to: &buffer), "the line of \(entry.position)")
        if buffer.count > 1 << 20 {
            output.write(Data(buffer))
            buffer.removeAll(keepingCapacity: true)
        }
        return true
    }
    buffer += LogFile.endLine(entries: count, checkpoints: 0, keys: [signer.key]).utf8
    output.write(Data(buffer + [10]))
}
print("export.size \((try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0) / 1_000_000) MB")

seconds("verify.file") {
    var verification = LogFileVerification(checkpoints: CheckpointVerification(witnessed: [witness], pinned: [signer.key]))
    let descriptor = open(path, O_RDONLY)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer {
        block.deallocate()
        close(descriptor)
    }
    while case let bytes = read(descriptor, block.baseAddress, block.count), bytes > 0 {
        verification.add(UnsafeRawBufferPointer(rebasing: block[..<bytes]))
    }
    expect(verification.finish() == nil && verification.entries == count && verification.held == 1, "the exported log")
}

// What the digests alone take: one of the text of an entry, a leaf and a node.
seconds("digests") {
    var last = ContentDigest.zero
    let text = [UInt8](repeating: 65, count: 420)
    for _ in 0..<count {
        last = MerkleTree.node(MerkleTree.leaf(last), last)
        expect(ContentDigest(of: text) != last, "digests")
    }
}
