/// Names of source nodes and fields that the mappings of a library speak of, each numbered once, so that names are
/// compared as numbers while a file is mapped.
///
/// A loop id with a numeric suffix (`N1_2`, the third place where an N1 loop may stand) is the same name as without.
package struct SymbolTable: Sendable {
    private var numbers: [String: Int32] = [:]
    private(set) var names: [String] = []

    init() {}

    mutating func intern(_ name: String) -> Int32 {
        if let known = numbers[name] { return known }
        let number = Int32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }

    /// The number of a name as a reader gives it, or -1 where no mapping speaks of it.
    func number(ofSourceName name: String) -> Int32 {
        // A namespace URI is no loop.
        numbers[name] ?? (name.contains(":") ? nil : numbers[SymbolTable.withoutLoopSuffix(name)]) ?? -1
    }

    /// `N1_2` -> `N1`; a name without a numeric suffix stays as it is.
    static func withoutLoopSuffix(_ name: String) -> String {
        guard let bar = name.lastIndex(of: "_") else { return name }
        let suffix = name[name.index(after: bar)...]
        guard !suffix.isEmpty, bar != name.startIndex, suffix.allSatisfy({ $0.isASCII && $0.isNumber }) else { return name }
        return String(name[..<bar])
    }
}
