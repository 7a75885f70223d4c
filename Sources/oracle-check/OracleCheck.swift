import ArgumentParser
import Foundation

/// Runs worked cases with numbers of independent libraries, and counts.
@main
struct OracleCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oracle-check", abstract: "Compute worked cases and compare with what is expected.",
        discussion: """
            FILE is JSON with a list `cases`: of each id, group, inputs, expected and tol. A number is right where it is within tol of what is \
            expected, as a distance or as a share of it; all else has to be equal. Labels of clusters are compared as a partition. \
            All that is expected has to be found. A case whose id is not known is skipped, and said so.
            """)

    @Argument(help: "The file with the cases.") var file: String
    @Option(name: .long, help: "Run only cases of this group; may come several times.") var group: [String] = []
    @Option(name: .long, help: "Run only the case of this id; may come several times.") var id: [String] = []
    @Flag(name: .long, help: "Print the cases that passed too.") var verbose = false

    func run() throws {
        guard let data = FileManager.default.contents(atPath: file) else { throw ValidationError("\(file) cannot be read") }
        let cases: [OracleCase]
        do {
            cases = try CaseFile.read([UInt8](data))
        } catch {
            throw ValidationError("\(file): \(error)")
        }
        let chosen = cases.filter { (group.isEmpty || group.contains($0.group)) && (id.isEmpty || id.contains($0.id)) }
        guard !chosen.isEmpty else { throw ValidationError("no case of \(file) is asked for") }
        var tally = CaseTally()
        for testCase in chosen {
            for line in tally.add(testCase, CaseRegistry.verdict(testCase), isVerbose: verbose) { print(line) }
        }
        print(tally.text)
        if tally.failed > 0 { throw ExitCode(1) }
    }
}
