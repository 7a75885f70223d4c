import Diagnostics
import Foundation
import Glibc
import Pipeline
import Store
import Testing

/// What whoever runs a site is told: by commands, and by what the daemon says.
extension EndToEnd { @Suite struct OperatorViewTests {
    /// What a command prints on standard output, and how it ends.
    private func answer(_ arguments: [String], at site: DeskSite) throws -> (status: Int32, text: String) {
        let output = Pipe()
        let status = try site.program(arguments, output: output.fileHandleForWriting).status
        try output.fileHandleForWriting.close()
        return (status, String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }

    @Test func `a site that has had no genesis does not start, and check says so before`() async throws {
        let site = try DeskSite(.whole, configuration: DeskSite.configuration()) { root in
            try (DeskSite.secret + "\n").write(toFile: "\(root)/webhook.secret", atomically: true, encoding: .utf8)
        }
        let before = try answer(["check", "--here", "--format", "json"], at: site)
        #expect(before.status == 1 && before.text.contains(#""startsHere":false"#))
        #expect(try site.program(["run", "--once"]).status != 0)
        try await site.begin()
        // Its mappings have no tests here, which is another matter.
        #expect(try answer(["check", "--here", "--format", "json"], at: site).text.contains(#""startsHere":true"#))
    }
}}
