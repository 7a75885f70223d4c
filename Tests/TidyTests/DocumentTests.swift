import FoundationEssentials
import Testing

@Suite struct DocumentTests {
    /// The codes that a Swift file declares.
    private func codes(_ text: String) -> [String] {
        text.matches(of: /DiagnosticCode = "([^"]+)"/).map { String($0.1) }
    }

    /// Code names in the first column of a table.
    private func documented(_ text: String) -> Set<String> {
        Set(text.split(separator: "\n").flatMap { line -> [String] in
            guard line.hasPrefix("|"), let cell = line.split(separator: "|").first else { return [] }
            return cell.matches(of: /`([^`]+)`/).map { String($0.1) }
        })
    }

    @Test func `each code is told in docs, in the first column of a table`() throws {
        let told = try House.paths(under: "docs/diagnostics", endings: [".md"]).reduce(into: Set<String>()) {
            $0.formUnion(try documented(House.text($1)))
        }
        let declared = try House.sources().flatMap { file in codes(file.lines.joined(separator: "\n")).map { ($0, file.path) } }
        #expect(declared.count > 100)
        for (code, path) in declared { #expect(told.contains(code), "\(path) declares \(code)") }
    }

    @Test func `no two rooms declare the same code`() throws {
        let declared = try House.sources().flatMap { codes($0.lines.joined(separator: "\n")) }
        let twice = Dictionary(grouping: declared) { $0 }.filter { $1.count > 1 }.keys.sorted()
        #expect(twice.isEmpty)
    }

    @Test func `each page of diagnostics is in its index`() throws {
        let index = try House.text("docs/diagnostics/README.md")
        for path in House.paths(under: "docs/diagnostics", endings: [".md"]) where !path.hasSuffix("README.md") {
            let name = path.split(separator: "/").last ?? ""
            #expect(index.contains("(\(name))"), "\(path)")
        }
    }

    @Test func `links between pages lead somewhere`() throws {
        for path in House.paths(under: "", endings: [".md"]) {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            for link in try House.text(path).matches(of: /\]\(([^)#:\s]+)(?:#[^)]*)?\)/) {
                let place = folder.isEmpty ? String(link.1) : "\(folder)/\(link.1)"
                #expect(FileManager.default.fileExists(atPath: "\(House.root)/\(place)"), "\(path) links to \(link.1)")
            }
        }
    }

    /// What `Sources/crossdock` declares: names of commands, and options in the form of the command line.
    private func commandLine() throws -> (commands: Set<String>, options: Set<String>) {
        var commands: Set<String> = ["help"], options: Set<String> = ["help", "version"]
        for file in try House.sources() where file.room == "crossdock" {
            commands.formUnion(file.text.matches(of: /commandName: "([^"]+)"/).map { String($0.1) })
            for match in file.text.matches(of: /@(?:Option|Flag)(?:\((?:[^()]|\([^()]*\))*\))?\s*var (\w+)/) {
                options.insert(match.1.reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) })
            }
            options.formUnion(file.text.matches(of: /\.customLong\("([^"]+)"\)/).map { String($0.1) })
        }
        return (commands, options)
    }

    @Test func `pages name only commands and options that there are`() throws {
        let known = try commandLine()
        #expect(known.commands.isSuperset(of: ["run", "check"]) && known.options.isSuperset(of: ["root", "secret-file", "for", "once"]))
        // Texts that are digested begin with `crossdock state 1` and `crossdock log 1`.
        let headings: Set<Substring> = ["state", "log"]
        for path in House.paths(under: "", endings: [".md"]) {
            for call in try House.text(path).matches(of: /(?:^|[`$\n(|] *|release\/|bin\/)crossdock ([a-z][\w-]*)([^`\n]*)/) where !headings.contains(call.1) {
                #expect(known.commands.contains(String(call.1)), "\(path): crossdock \(call.1)")
                for option in call.2.prefix(while: { $0 != "#" && $0 != "&" }).matches(of: /\s--([a-z][\w-]*)/) {
                    #expect(known.options.contains(String(option.1)), "\(path): crossdock \(call.1) --\(option.1)")
                }
            }
        }
    }
}
