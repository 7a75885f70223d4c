import ArgumentParser
import Diagnostics
import Pipeline
import Values

/// How answers are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// Options that every command of a site takes.
struct SiteOptions: ParsableArguments {
    @Option(name: .long, help: "Folder that holds crossdock.yaml.")
    var root = "."

    @Option(name: .long, help: "How answers are printed: text or json.")
    var format = OutputFormat.text

    func site() throws -> Site { try Site.open(root: root) }
}

/// Standard output and standard error of a command.
enum Console {
    /// An answer: the JSON form where it was asked for, else the text.
    static func answer(_ format: OutputFormat, text: @autoclosure () -> String, json: @autoclosure () -> Value) {
        print(format == .json ? JSONText.write(json()) : text())
    }

    /// A line to standard error.
    static func note(_ line: String) { FileHandleText.standardError(line + "\n") }

    /// Findings to standard error; tells whether one of them is an error.
    @discardableResult
    static func report(_ diagnostics: [Diagnostic]) -> Bool {
        for diagnostic in diagnostics { note(diagnostic.text) }
        return diagnostics.contains { $0.severity == .error }
    }
}
