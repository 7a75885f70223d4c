import ArgumentParser

struct TableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Check, try, compare, explain and convert decision tables.",
        discussion: """
            A table is named by its scheme, as it lies on disk, or by a file: YAML with a table, .dmn or .csv. A name with a slash or one \
            of these endings is a file. docs/tables.md tells it all.
            """,
        subcommands: [Check.self, Eval.self, Diff.self, Cover.self, Explain.self, Convert.self])
}

/// Options that every command of tables takes.
struct TableOptions: ParsableArguments {
    @Option(name: .long, help: "Which decision of a .dmn file; needed where it has several tables.") var decision: String?
    @Option(name: .long, help: "Whether inputs may be null where gaps are looked for: named (where a cell names null), always or never.")
    var nulls = NullOption.named
    @Option(name: .long, parsing: .singleValue, help: "Digits after the point of a number input, as NAME=0 for whole numbers; may be given again.")
    var scale: [String] = []
}
