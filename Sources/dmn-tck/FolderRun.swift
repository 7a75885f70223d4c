import DecisionModels
import Diagnostics
import FEEL
import Foundation
import Values

/// One result of the kit as it came out.
struct KitRow {
    let level: String
    let folder: String
    let testCase: String
    let expectsAnswer: Bool
    let verdict: ConformanceVerdict
}

/// Runs the test cases of one folder.
struct FolderRun {
    private(set) var rows: [KitRow] = []
    private(set) var diagnostics: [Diagnostic] = []
    private let folder: KitFolder
    private let context: EvaluationContext
    /// By file name.
    private var models: [(file: String, model: DecisionModel)] = []

    init(_ folder: KitFolder, _ context: EvaluationContext) {
        self.folder = folder
        self.context = context
        for path in folder.models {
            guard let bytes = bytes(path) else { continue }
            let reading = DecisionModel.read(bytes, file: path)
            diagnostics += reading.diagnostics
            if let model = reading.model { models.append((URL(fileURLWithPath: path).lastPathComponent, model)) }
        }
        for path in folder.tests { run(path) }
    }

    private mutating func bytes(_ path: String) -> [UInt8]? {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            diagnostics.append(Diagnostic(.conformanceCase, .error, "the file cannot be read: \(error)", at: SourcePosition(file: path)))
            return nil
        }
    }

    private mutating func run(_ path: String) {
        guard let bytes = bytes(path) else { return }
        let (suite, found) = ConformanceReader.read(bytes, file: path)
        diagnostics += found
        // Cases that could not be read count as failed, lest they be missed.
        for finding in found where finding.severity == .error {
            let place = finding.position.place.map { "\($0)" } ?? path
            rows.append(KitRow(
                level: folder.level, folder: folder.name, testCase: place, expectsAnswer: true,
                verdict: ConformanceVerdict(node: "-", outcome: .failed, detail: finding.fact)))
        }
        guard let suite else { return }
        guard let model = compiled(suite.modelFile) else {
            for testCase in suite.cases {
                for result in testCase.results {
                    add(testCase, ConformanceVerdict(node: result.name, outcome: .failed, detail: "there is no model \(suite.modelFile ?? "-")"))
                }
            }
            return
        }
        for testCase in suite.cases {
            for verdict in testCase.verdicts(on: model, context) { add(testCase, verdict) }
        }
    }

    private mutating func add(_ testCase: ConformanceCase, _ verdict: ConformanceVerdict) {
        rows.append(KitRow(
            level: folder.level, folder: folder.name, testCase: testCase.id, expectsAnswer: testCase.expectsAnswer, verdict: verdict))
    }

    /// The model of a name, else the only one or the one that has the folder's name; all others of the folder may be imported.
    private mutating func compiled(_ name: String?) -> CompiledModel? {
        let main = models.firstIndex { $0.file == name } ?? models.firstIndex { $0.file == folder.name + ".dmn" }
            ?? (models.count == 1 ? 0 : nil)
        guard let main else { return nil }
        var imports = models.map(\.model)
        imports.remove(at: main)
        let compilation = CompiledModel.compile(models[main].model, imports: imports)
        diagnostics += compilation.diagnostics
        return compilation.product
    }
}
