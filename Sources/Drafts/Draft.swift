package import Mapping
package import Records

/// A first mapping for one sample, with its feed: YAML with comments that say how sure each line is.
package struct Draft: Sendable {
    /// Names of the mapping and its feed: `csv/orders` and `orders`.
    package let mapping: String
    package let feed: String
    package let mappingText: String
    package let feedText: String
    /// Lines that give a field: all, those with a confidence of 0.8 and more, and those that nothing speaks for.
    package let lines: Int
    package let sure: Int
    package let unfounded: Int
    /// Records of the sample by kind, and rows, loops and elements that gave none.
    package let records: [RecordKind: Int]
    package let reported: Int
    /// The first part of the sample, in whole rows or transaction sets, for a mapping test; nil where no whole part is small enough.
    package let testInput: [UInt8]?
    /// The ending of a test's input, such as `.csv`.
    package let testEnding: String

    package var mappingPath: String { "Mappings/\(mapping).yaml" }
    package var feedPath: String { "Mappings/feeds/\(feed).yaml" }
    /// The files that make the site's bundle larger by this draft: mapping, feed, and the input of a test that is read through the feed.
    package var files: [BundleFile] {
        var files = [BundleFile(path: mappingPath, bytes: Array(mappingText.utf8)), BundleFile(path: feedPath, bytes: Array(feedText.utf8))]
        if let testInput {
            let folder = "Mappings/\(mapping).tests"
            files.append(BundleFile(path: "\(folder)/tests.yaml", bytes: Array("tests: \(mapping)\nfeed: \(feed)\n".utf8)))
            files.append(BundleFile(path: "\(folder)/sample\(testEnding)", bytes: testInput))
        }
        return files
    }
    /// Both files, told apart by lines with their paths.
    package var text: String { "# \(mappingPath)\n\(mappingText)\n# \(feedPath)\n\(feedText)" }
}

/// What a caller may say about a draft; what is nil is found out.
package struct DraftRequest: Sendable {
    /// Name of mapping and feed; the file's own unless said.
    package var name: String?
    package var record: RecordKind?
    /// Depositor whose goods the records are about.
    package var client: String?
    /// So many rows of a flat file are looked at.
    package var rowsMax = 20_000

    package init() {}
}
