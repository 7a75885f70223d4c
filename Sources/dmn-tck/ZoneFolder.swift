import Foundation
import Values

/// The machine's time zone rules.
enum ZoneFolder {
    private static let root = "/usr/share/zoneinfo"
    /// The same zones once more under other rules, and files that are no zones.
    private static let others: Set<String> = ["posix", "right"]

    /// All zones by their IANA names; none where the machine has no zone files.
    static func allRules() -> [String: ZoneRules] {
        var rules: [String: ZoneRules] = [:]
        guard let names = FileManager.default.enumerator(atPath: root) else { return rules }
        for case let name as String in names {
            if others.contains(name.split(separator: "/").first.map(String.init) ?? "") { continue }
            guard let data = FileManager.default.contents(atPath: root + "/" + name) else { continue }
            rules[name] = ZoneRules(name: name, tzif: [UInt8](data))
        }
        return rules
    }
}
