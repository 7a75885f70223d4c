import Configurations
import Diagnostics
import Records

/// Sorts the files of mapping tests into suites and cases.
struct MappingTestReader {
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameters:
    ///   - files: those that lie in folders of tests.
    ///   - mappings: name and path of each mapping of the bundle.
    ///   - settings: the checked roots of `tests.yaml` files, with their paths.
    mutating func suites(
        _ files: [BundleFile], mappings: [(name: String, file: String)], settings: [(root: ConfigurationNode, file: String)]
    ) -> [MappingTestSuite] {
        let byStem = Dictionary(grouping: files) { MappingTestSuite.stem(of: $0.path) ?? "" }
        return byStem.sorted { $0.key < $1.key }.compactMap { stem, files in
            guard let mapping = mappings.first(where: { $0.file == stem + ".yaml" || $0.file == stem + ".yml" }) else {
                found("no mapping lies beside the folder of tests", files[0].path, hint: "name the folder for its mapping: 850-orders.tests beside 850-orders.yaml")
                return nil
            }
            let settings = settings.first { MappingTestSuite.stem(of: $0.file) == stem }
            if let named = settings?.root["tests"], named.scalar != mapping.name {
                diagnostics.append(named.diagnostic(.mapRule, "the tests are those of mapping `\(mapping.name)`", hint: "the folder's name says the mapping"))
            }
            return MappingTestSuite(
                mapping: mapping.name, stem: stem, feed: settings?.root.optionalText("feed"),
                zone: settings?.root.optionalText("zone"), references: references(files),
                cases: cases(files, stem + MappingTestSuite.suffix + "/"))
        }
    }

    private mutating func cases(_ files: [BundleFile], _ folder: String) -> [MappingTestCase] {
        var inputs: [String: BundleFile] = [:], records: [String: BundleFile] = [:], findings: [String: BundleFile] = [:]
        for file in files.sorted(by: { $0.path < $1.path }) {
            let name = String(file.path.dropFirst(folder.count))
            if name == MappingTestSuite.settingsFile || name == MappingTestSuite.referencesFile { continue }
            guard !name.contains("/") else {
                found("a folder of tests has no folders in it", file.path, hint: "lay the files of each case side by side")
                continue
            }
            if name.hasSuffix(MappingTestCase.recordsSuffix) {
                records[String(name.dropLast(MappingTestCase.recordsSuffix.count))] = file
            } else if name.hasSuffix(MappingTestCase.diagnosticsSuffix) {
                findings[String(name.dropLast(MappingTestCase.diagnosticsSuffix.count))] = file
            } else {
                let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
                if let first = inputs[stem] { found("case \(stem) has two inputs, this one and \(first.path)", file.path, hint: "rename one of the two") }
                inputs[stem] = file
            }
        }
        for (stem, file) in records.merging(findings, uniquingKeysWith: { first, _ in first }).sorted(by: { $0.key < $1.key }) where inputs[stem] == nil {
            found("case \(stem) has no input", file.path, hint: "add \(stem).edi, .csv or the like beside it, or take the expectation out")
        }
        return inputs.sorted { $0.key < $1.key }.map { name, input in
            MappingTestCase(name: name, input: input, records: records[name], diagnostics: findings[name])
        }
    }

    private mutating func references(_ files: [BundleFile]) -> [Record] {
        guard let file = files.first(where: { $0.path.hasSuffix("/" + MappingTestSuite.referencesFile) }) else { return [] }
        let lines = String(decoding: file.bytes, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.enumerated().compactMap { index, line -> Record? in
            if line.isEmpty { return nil }
            do throws(RecordLineFailure) { return try Record(line: String(line), ordinal: index + 1) } catch {
                diagnostics.append(Diagnostic(
                    .mapTestFile, .error, error.fact, at: SourcePosition(file: file.path, line: index + 1, column: 1),
                    hint: "write {\"record\":\"crossReference\",\"fields\":{\"client\":\"TEST\",\"kind\":\"item\",\"theirs\":\"...\",\"ours\":\"...\"}}"))
                return nil
            }
        }
    }

    private mutating func found(_ fact: String, _ path: String, hint: String) {
        diagnostics.append(Diagnostic(.mapTestFile, .error, fact, at: SourcePosition(file: path), hint: hint))
    }
}
