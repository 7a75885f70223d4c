import ArgumentParser
import DecisionModels
import Diagnostics
import FEEL
import Foundation
import Values

/// Runs the test cases of the DMN Technology Compatibility Kit, or of any folder that is laid out like it, and counts.
@main
struct DMNTCK: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dmn-tck", abstract: "Run the DMN Technology Compatibility Kit.",
        discussion: """
            DIR holds folders with models (.dmn) and test cases (.xml), in folders of a level such as compliance-level-3 or right \
            below. Numbers agree within 1e-8; all else has to be equal. Cases that need Java code are counted apart.
            """)

    @Argument(help: "The folder of the kit, of a level, or of one test.") var dir: String
    @Option(name: .long, help: "Write one row a result to this CSV file.") var report: String?
    @Option(name: .long, help: "Run only folders whose name contains this.") var only: String?
    @Flag(name: .long, help: "Print what was found about the models too.") var findings = false

    func run() throws {
        let folders = try KitFolder.find(under: dir).filter { only.map($0.name.contains) ?? true }
        guard !folders.isEmpty else { throw ValidationError("there are no test cases under \(dir)") }
        // Recorded, as every run's clock is: two runs give the same bytes.
        let context = EvaluationContext(now: Instant(seconds: 1_767_225_600), zones: ZoneCatalogue(ZoneFolder.allRules()))
        var tally = KitTally()
        for folder in folders {
            let run = FolderRun(folder, context)
            for row in run.rows { tally.add(row) }
            if findings { for finding in run.diagnostics { FileHandle.standardError.write(Data((finding.text + "\n").utf8)) } }
        }
        if let report { try Data(tally.csv).write(to: URL(fileURLWithPath: report)) }
        print(tally.text, terminator: "")
        if tally.hasFailures { throw ExitCode(1) }
    }
}
