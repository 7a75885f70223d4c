package import Diagnostics

/// One file as a caller read it, offered to a manifest. `path` is relative to the site's folder, with `/` between its parts.
package struct OfferedFile: Sendable {
    package let path: String
    package let bytes: [UInt8]
    /// Whether the path is a symbolic link or has more than one name; links are refused, because what they lead to can change unseen.
    package let isLink: Bool

    package init(path: String, bytes: [UInt8], isLink: Bool = false) {
        self.path = path
        self.bytes = bytes
        self.isLink = isLink
    }
}

/// A closed-world list of files by digest: every file that counts is in it, and nothing else is.
///
/// Its text is lines of `sha256  path`, sorted by the bytes of the path, which `sha256sum -c` checks from the site's folder.
/// Its id is the digest of that text. `sha256sum -c` passes over a file that is not listed; `defects(in:)` reports it.
package struct Manifest: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let path: String
        package let digest: ContentDigest
    }

    /// The most files that one manifest lists.
    package static let fileLimit = 100_000

    /// In the order of the bytes of their paths.
    package let entries: [Entry]
    /// The digest of `text`.
    package let id: ContentDigest
    /// `sha256  path` lines; empty when nothing is listed.
    package let text: String

    init(sorted entries: [Entry]) {
        self.entries = entries
        text = entries.reduce(into: "") { $0 += "\($1.digest.hex)  \($1.path)\n" }
        id = ContentDigest(ofText: text)
    }

    /// The manifest of these files, in any order; nil with at least one error if a path is refused.
    package static func of(_ files: [OfferedFile]) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
        var diagnostics = files.filter(\.isLink).map { file in
            Diagnostic(
                .manifestLink, .error, "\(file.path) is a link; only regular files with one name are listed",
                at: SourcePosition(file: file.path), hint: "put the file itself there")
        }
        diagnostics += ManifestPaths.findings(files.map(\.path))
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return (nil, diagnostics) }
        let entries = files.map { Entry(path: $0.path, digest: ContentDigest(of: $0.bytes)) }
        return (Manifest(sorted: entries.sorted(by: precedes)), diagnostics)
    }

    /// The manifest of these files, in any order; nil with at least one error if a path is refused.
    package static func of(_ files: [(path: String, bytes: [UInt8])]) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
        of(files.map { OfferedFile(path: $0.path, bytes: $0.bytes) })
    }

    /// Reads a manifest's text back. The text must be exactly what `text` would give: one that is not canonical is refused,
    /// so that two texts never mean the same list.
    package static func parse(_ text: String, file: String? = nil) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
        var entries: [Entry] = []
        func refusal(_ line: Int, _ fact: String) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
            (nil, [Diagnostic(.manifestText, .error, fact, at: SourcePosition(file: file, line: line, column: 1),
                              hint: "a manifest is written by crossdock and is not edited by hand")])
        }
        var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.removeLast().isEmpty else { return refusal(lines.count + 1, "the last line of the manifest has no line end") }
        for (index, line) in lines.enumerated() {
            guard let digest = ContentDigest(hex: line.prefix(64)), line.dropFirst(64).hasPrefix("  ") else {
                return refusal(index + 1, "a manifest line is 64 hexadecimal digits, two spaces and a path")
            }
            let entry = Entry(path: String(line.dropFirst(66)), digest: digest)
            if let last = entries.last, !precedes(last, entry) {
                return refusal(index + 1, "manifest lines are sorted by path, each path once; \(entry.path) is out of order")
            }
            entries.append(entry)
        }
        let findings = ManifestPaths.findings(entries.map(\.path))
        return (findings.contains { $0.severity == .error } ? nil : Manifest(sorted: entries), findings)
    }

    /// The digest listed for a path.
    package func digest(of path: String) -> ContentDigest? {
        let key = path.utf8
        var low = 0, high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].path.utf8.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].path.utf8.elementsEqual(key) else { return nil }
        return entries[low].digest
    }

    /// How files differ from this manifest, closed-world: one error for each that is missing, changed or not listed.
    package func defects(in files: [OfferedFile]) -> [Diagnostic] {
        let (found, diagnostics) = Manifest.of(files)
        guard let found else { return diagnostics }
        let difference = ManifestDiff(from: self, to: found)
        func finding(_ code: DiagnosticCode, _ fact: String, _ path: String) -> Diagnostic {
            Diagnostic(code, .error, fact, at: SourcePosition(file: path), hint: "propose the change, or restore the files of the state")
        }
        return difference.added.map { finding(.manifestUnlisted, "\($0.path) is not in the manifest", $0.path) }
            + difference.removed.map { finding(.manifestMissing, "\($0.path) is in the manifest and was not found", $0.path) }
            + difference.changed.map {
                finding(.manifestChanged, "\($0.path) is listed with digest \($0.from.hex) and has \($0.to.hex)", $0.path)
            }
    }

    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
    }
}
