import ChangeControl
package import Values

/// The machine's time zone rules, read from its zone files.
package enum ZoneFiles {
    private static let folder = "/usr/share/zoneinfo"

    /// The rules of a zone by its IANA name, or nil where the machine has none.
    package static func rules(_ name: String) -> ZoneRules? {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 43, 45, 47...57, 65...90, 95, 97...122: true
            default: false
            }
        }
        guard isName, !name.hasPrefix("/"), !name.isEmpty else { return nil }
        do {
            return ZoneRules(name: name, tzif: try FileBytes.read("\(folder)/\(name)", limit: 1 << 20))
        } catch {
            return nil
        }
    }

    /// What stands for the machine's rules in a state: the release that its files name.
    package static let digest: String = {
        do {
            let bytes = try FileBytes.read("\(folder)/tzdata.zi", limit: 4 << 20)
            return "tzdata \(ContentDigest(of: bytes).hex.prefix(16))"
        } catch {
            return "tzdata unknown"
        }
    }()
}
