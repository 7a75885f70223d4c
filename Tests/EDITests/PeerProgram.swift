import Foundation

/// Other parsers, installed for the Python that `CROSSDOCK_PYTHON` names.
enum PeerProgram {
    /// What a script of `Peers` prints about files; nil, said aloud, where the peer is not installed.
    static func lines(_ script: String, _ peer: String, _ files: [URL]) throws -> [Substring]? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["CROSSDOCK_PYTHON"] ?? "python3"
        process.arguments = [python, SharedFiles.packageRoot.appending(path: "Tests/EDITests/Peers/\(script)").path, peer]
        let list = FileManager.default.temporaryDirectory.appending(path: "crossdock-peer-\(peer)-\(UUID().uuidString)")
        try files.map(\.path).joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: list) }
        let answer = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: list)
        process.standardOutput = answer
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: answer.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            print("skipped: \(peer) is not installed for \(python) (set CROSSDOCK_PYTHON to one that has it)")
            return nil
        }
        return text.split(separator: "\n")
    }

    /// What a peer finds wrong with each file.
    static func findings(_ peer: String, _ files: [URL]) throws -> [[String]]? {
        guard let lines = try lines("accepts.py", peer, files) else { return nil }
        var found = [[String]](repeating: [], count: files.count)
        for line in lines {
            let cells = line.split(separator: "\t", maxSplits: 1)
            if let number = Int(cells[0]), found.indices.contains(number) { found[number].append(String(cells.last ?? "")) }
        }
        return found
    }
}
