extension ConfigurationNode {
    /// One cell of a row whose column is a key.
    package struct Cell {
        /// The key; of a key within another the dotted path, such as `entity.client`.
        package let key: String
        package let text: String
        /// Bytes of the file.
        package let bytes: Range<Int>

        package init(key: String, text: String, bytes: Range<Int>) {
            self.key = key
            self.text = text
            self.bytes = bytes
        }
    }

    /// A row of a table as the mapping that it stands for, so that one shape checks both; an empty cell is an absent key.
    ///
    /// - Parameter bytes: of the row.
    package static func row(_ cells: [Cell], bytes: Range<Int>, source: ConfigurationSource) -> ConfigurationNode {
        mapping(cells.filter { !$0.text.isEmpty }.map { ($0.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)[...], $0) }, bytes, source, path: "")
    }

    private static func mapping(
        _ cells: [(keys: ArraySlice<String>, cell: Cell)], _ bytes: Range<Int>, _ source: ConfigurationSource, path: String
    ) -> ConfigurationNode {
        var entries: [ConfigurationEntry] = [], groups: [String: [(ArraySlice<String>, Cell)]] = [:]
        for (keys, cell) in cells {
            guard let name = keys.first else { continue }
            groups[name, default: []].append((keys.dropFirst(), cell))
        }
        var seen: Set<String> = []
        for (keys, cell) in cells {
            guard let name = keys.first, seen.insert(name).inserted, let inner = groups[name] else { continue }
            let below = path.isEmpty ? name : "\(path).\(name)"
            let key = ConfigurationNode(kind: .scalar(name, .plain), bytes: cell.bytes, path: below, source: source)
            let value = keys.count == 1
                ? ConfigurationNode(kind: .scalar(cell.text, .plain), bytes: cell.bytes, path: below, source: source)
                : mapping(inner.filter { !$0.0.isEmpty }.map { (keys: $0.0, cell: $0.1) }, cell.bytes, source, path: below)
            entries.append(ConfigurationEntry(name: name, key: key, value: value))
        }
        return ConfigurationNode(kind: .mapping(entries), bytes: bytes, path: path, source: source)
    }
}
