/// A report for people: sections of sentences, verbatim text and tables, as Markdown or as a page of HTML. Whatever texts it is given, they
/// stay texts.
package struct ReportPage: Hashable, Sendable {
    package struct Section: Hashable, Sendable {
        package let title: String
        package var sentences: [String]
        /// Text that is shown as it is, line by line.
        package var verbatim: String
        package var header: [String]
        package var rows: [[String]]

        package init(title: String, sentences: [String] = [], verbatim: String = "", header: [String] = [], rows: [[String]] = []) {
            self.title = title
            self.sentences = sentences
            self.verbatim = verbatim
            self.header = header
            self.rows = rows
        }
    }

    package let title: String
    package var sections: [Section]

    package init(title: String, sections: [Section]) {
        self.title = title
        self.sections = sections
    }

    package var markdown: String {
        var text = "# \(title)\n"
        for section in sections {
            text += "\n## \(section.title)\n"
            for sentence in section.sentences { text += "\n\(sentence)\n" }
            if !section.verbatim.isEmpty {
                text += "\n" + section.verbatim.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
            }
            guard !section.header.isEmpty else { continue }
            text += "\n| \(section.header.joined(separator: " | ")) |\n|\(String(repeating: "---|", count: section.header.count))\n"
            for row in section.rows { text += "| \(row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n" }
        }
        return text
    }

    /// A page that needs nothing else.
    package var html: String {
        func escaped(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;") }
        var text = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>\(escaped(title))</title>
            <style>body{font:15px/1.5 sans-serif;max-width:70em;margin:2em auto}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left}pre{overflow-x:auto}</style>
            <h1>\(escaped(title))</h1>

            """
        for section in sections {
            text += "<h2>\(escaped(section.title))</h2>\n"
            for sentence in section.sentences { text += "<p>\(escaped(sentence))</p>\n" }
            if !section.verbatim.isEmpty { text += "<pre>\(escaped(section.verbatim))</pre>\n" }
            guard !section.header.isEmpty else { continue }
            text += "<table><tr>\(section.header.map { "<th>\(escaped($0))</th>" }.joined())</tr>\n"
            for row in section.rows { text += "<tr>\(row.map { "<td>\(escaped($0))</td>" }.joined())</tr>\n" }
            text += "</table>\n"
        }
        return text + "</html>\n"
    }
}
