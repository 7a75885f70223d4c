import Diagnostics

/// What a path must be to stand in a manifest: relative, in one spelling, and the same file on every host.
enum ManifestPaths {
    /// The longest path in bytes, and the longest of its parts (POSIX NAME_MAX).
    static let pathLimit = 1024, partLimit = 255

    /// One error for each path that is refused, notes for those that deserve a look.
    static func findings(_ paths: [String]) -> [Diagnostic] {
        var findings = paths.flatMap(findings(for:)) + twins(paths)
        if paths.count > Manifest.fileLimit {
            findings.append(Diagnostic(
                .manifestLimit, .error, "a manifest lists at most \(Manifest.fileLimit) files; \(paths.count) were offered"))
        }
        return findings
    }

    private static func findings(for path: String) -> [Diagnostic] {
        func finding(_ fact: String, _ severity: Severity = .error) -> Diagnostic {
            let shown = path.unicodeScalars.map { isPrintable($0) ? String($0) : $0.escaped(asASCII: true) }.joined()
            return Diagnostic(
                .manifestPath, severity, "\(shown.isEmpty ? "a path" : shown) \(fact)", at: SourcePosition(file: shown),
                hint: "use relative paths of letters, digits, '-', '_', '.' and '/'")
        }
        if path.isEmpty { return [finding("is empty")] }
        if path.utf8.first == 47 { return [finding("is absolute")] }
        if path.utf8.count > pathLimit { return [finding("is longer than \(pathLimit) bytes")] }
        if path.utf8.contains(92) { return [finding("contains a backslash")] }
        if !path.unicodeScalars.allSatisfy(isPrintable) { return [finding("contains a control or invisible character")] }
        let parts = path.utf8.split(separator: 47, omittingEmptySubsequences: false)
        if parts.contains(where: \.isEmpty) { return [finding("has an empty part")] }
        if parts.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) {
            return [finding("has a part '.' or '..'")]
        }
        if parts.contains(where: { $0.count > partLimit }) { return [finding("has a part longer than \(partLimit) bytes")] }
        if parts.contains(where: { $0.first == 32 || $0.last == 32 }) {
            return [finding("has a part that begins or ends with a space")]
        }
        if path.utf8.allSatisfy({ $0 < 128 }) { return [] }
        // Composition is told by the absence of combining marks: stricter than NFC, and needs no tables.
        if path.unicodeScalars.contains(where: isCombining) {
            return [finding("is not in composed form (Unicode NFC): it has a combining mark")]
        }
        return [finding("has characters outside ASCII, which some systems spell in more than one way", .note)]
    }

    /// Paths that some file systems hold for one: apart only in case or Unicode form, in any folder on the way;
    /// and a path that is both a file and a folder.
    private static func twins(_ paths: [String]) -> [Diagnostic] {
        // Keys of a Swift dictionary compare by canonical equivalence, so two Unicode spellings share a key as two cases do.
        var spelling: [String: (text: String, isFile: Bool)] = [:]
        var findings: [Diagnostic] = []
        for path in paths.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            for (prefix, isFile) in prefixes(path) {
                guard let known = spelling[prefix.lowercased()] else {
                    spelling[prefix.lowercased()] = (prefix, isFile)
                    continue
                }
                let isSame = known.text.utf8.elementsEqual(prefix.utf8)
                if isSame, !known.isFile, !isFile { continue }
                let fact = isSame ? "\(prefix) is listed twice, or is both a file and a folder"
                    : "\(prefix) and \(known.text) differ only in case or Unicode form"
                findings.append(Diagnostic(
                    .manifestTwin, .error, fact, at: SourcePosition(file: path), hint: "rename one of them"))
                break
            }
        }
        return findings
    }

    private static func prefixes(_ path: String) -> [(prefix: String, isFile: Bool)] {
        var result: [(String, Bool)] = []
        for index in path.utf8.indices where path.utf8[index] == 47 { result.append((String(path[..<index]), false)) }
        result.append((path, true))
        return result
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }

    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }
}
