import ChangeControl
import Synchronization
package import Values

/// The machine's time zone rules, read from its zone files.
package enum ZoneFiles {
    private static let folder = "/usr/share/zoneinfo"

    /// What was read, by name; nil for a name that is no zone.
    private static let read = Mutex<[String: ZoneRules?]>([:])

    /// The rules of every zone that the machine knows, each read when it is first asked for. They are all of the release that
    /// ``digest`` stands for: once the machine's files are of another one, what was not read yet is not found, until the process starts
    /// anew with a state of that release.
    package static let catalogue = ZoneCatalogue { name in
        read.withLock { read in
            if let known = read[name] { return known }
            let found = currentDigest() == digest ? rules(name) : nil
            if read.count < namesMax { read[name] = .some(found) }
            return found
        }
    }

    /// More names than there are zones; wrong ones come from data.
    private static let namesMax = 2000

    /// The rules of a zone by its IANA name, or nil where the machine has none.
    private static func rules(_ name: String) -> ZoneRules? {
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
    package static let digest = currentDigest()

    private static func currentDigest() -> String {
        do {
            let bytes = try FileBytes.read("\(folder)/tzdata.zi", limit: 4 << 20)
            return "tzdata \(ContentDigest(of: bytes).hex.prefix(16))"
        } catch {
            return "tzdata unknown"
        }
    }
}
