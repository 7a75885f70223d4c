import ArgumentParser
import DecisionModels
import FEEL
import Pipeline

extension TableCommand {
    struct Convert: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Carry a decision table between the text form, a DMN model and CSV, without loss or not at all.",
            discussion: """
                The forms are told by the ends of the names: .yaml, .dmn, .csv. A scheme's file gives its table. Of a model one decision's \
                table is taken; the rest of the model stays behind, and is told.
                """)

        @Argument(help: "The file to read.") var input: String
        @Argument(help: "The file to write; it is replaced where it is there.") var output: String
        @Option(name: .long, help: "The decision of a model, where it has several with a table.") var decision: String?

        func run() async throws {
            guard let from = TableForm(path: input) else { throw ValidationError("\(input) ends neither in .yaml, .dmn nor .csv") }
            guard let to = TableForm(path: output) else { throw ValidationError("\(output) ends neither in .yaml, .dmn nor .csv") }
            let bytes = try FileBytes.read(CommandFiles.absolute(input), limit: DecisionModel.bytesMax)
            let read = TableConversion.read(bytes, as: from, file: input, decision: decision)
            Console.report(read.diagnostics)
            guard let document = read.product else { throw ExitCode(1) }
            let written = TableConversion.write(document, as: to)
            Console.report(written.diagnostics)
            guard let result = written.product else { throw ExitCode(1) }
            try CommandFiles.write(String(decoding: result, as: UTF8.self), to: CommandFiles.absolute(output))
        }
    }
}
