import FoundationEssentials
import Intake
import Testing

@Suite struct NewFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-new-\(UUID().uuidString)").path + "/below"

    private func make(_ text: String, as name: String) throws -> Bool {
        var file = try NewFile(in: folder)
        for byte in text.utf8 { try withUnsafeBytes(of: byte) { try file.write($0) } }
        return try file.keep(as: name)
    }

    private var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } }

    @Test func `a file has its name once it is whole, and never takes that of another`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try make("first", as: "a.txt"))
        #expect(try !make("second", as: "a.txt"))
        #expect(try String(contentsOfFile: "\(folder)/a.txt", encoding: .utf8) == "first" && names == ["a.txt"])
    }

    @Test func `what was begun and not kept is removed, and so is what a lost process left`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let file = try NewFile(in: folder)
            try withUnsafeBytes(of: UInt8(1)) { try file.write($0) }
            #expect(try names.count == 1)
        }
        #expect(try names.isEmpty)
        #expect(try make("kept", as: "b.txt"))
        try "half".write(toFile: "\(folder)/1-2-3.tmp", atomically: false, encoding: .utf8)
        try NewFile.removeLeftovers(in: folder)
        #expect(try names == ["b.txt"])
        try NewFile.removeLeftovers(in: folder + "/none")
    }
}
