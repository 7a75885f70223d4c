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

    /// The site; where its `crossdock.yaml` has errors, as the daemon follows it meanwhile, which is told.
    func site() throws -> Site { try Self.site(root) }

    static func site(_ root: String) throws -> Site {
        try Site.open(root: root, makesStore: false) { Console.note("warning: \($0)\nwarning: this goes by what the daemon follows") }
    }

    /// The site as its `crossdock.yaml` says, with a store where there was none if that is wanted.
    func soundSite(makesStore: Bool = false) throws -> Site { try Site.open(root: root, makesStore: makesStore) }
}

/// Standard output and standard error of a command.
enum Console {
    /// A number of things: `1 error`, `2 errors`.
    static func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

    /// An answer: the JSON form where it was asked for, else the text.
    static func answer(_ format: OutputFormat, text: @autoclosure () -> String, json: @autoclosure () -> Value) {
        print(format == .json ? JSONText.write(json()) : plain(text()))
    }

    /// A line to standard error.
    static func note(_ line: String) { FileHandleText.standardError(plain(line) + "\n") }

    /// A text that does nothing to a terminal: characters that control one, or turn the writing of a line round, come from files of strangers. Whoever prints a text of theirs
    /// within a line sees to its line breaks.
    private static func plain(_ text: String) -> String {
        func controls(_ scalar: Unicode.Scalar) -> Bool { scalar != "\n" && scalar != "\t" && !LineText.isPlain(scalar) }
        guard text.unicodeScalars.contains(where: controls) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { controls($0) ? "\u{FFFD}" : $0 }))
    }

    /// Findings to standard error; tells whether one of them is an error.
    @discardableResult
    static func report(_ diagnostics: [Diagnostic]) -> Bool {
        for diagnostic in diagnostics { note(diagnostic.text) }
        return diagnostics.contains { $0.severity == .error }
    }
}
