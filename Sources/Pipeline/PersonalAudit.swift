import ChangeControl
import FoundationEssentials
import Sealing
import Store
import Values

/// Holds what the store says of shredded subjects against what the log says: nobody is shredded, and nothing is taken away, without an entry, and
/// whom an entry shredded has no key.
struct PersonalAudit {
    private struct Entry {
        var pseudonyms: Set<String> = []
        var removed: Set<String> = []
        var originals: Set<String> = []
    }

    private var entries: [Int: Entry] = [:]
    private var admitted: [Int: String] = [:]

    mutating func take(_ entry: LogEntry) {
        guard [.subjectShredded, .subjectAdmitted].contains(entry.kind), let body = try? JSONText.parse(entry.body), case .context(let fields) = body else { return }
        func texts(_ name: String) -> Set<String> { if case .list(let list)? = fields[name] { Set(list.map(\.text)) } else { [] } }
        if entry.kind == .subjectAdmitted {
            admitted[entry.position] = fields["pseudonym"]?.text ?? ""
        } else {
            entries[entry.position] = Entry(pseudonyms: texts("pseudonyms"), removed: texts("removed"), originals: texts("originals"))
        }
    }

    /// What does not hold, each as one sentence.
    ///
    /// - Parameter isCopy: whether the file of keys is elsewhere.
    func defects(_ site: Site, isCopy: Bool, in session: any StoreSession) throws -> [String] {
        var defects: [String] = [], found: Set<String> = []
        let keys = site.store.keys
        try Store.forEachPersonalKey(in: session) { key in
            found.insert(key.pseudonym)
            if let position = key.shredded {
                if entries[position]?.pseudonyms.contains(key.pseudonym) != true { defects.append("log entry \(position) does not shred \(key.pseudonym), and the store says so") }
                if try !isCopy && keys.holds(key.id) { defects.append("key \(key.id) is in \(keys.path), and log entry \(position) shredded \(key.pseudonym)") }
            } else {
                if let entry = entries.first(where: { $0.value.pseudonyms.contains(key.pseudonym) }) {
                    defects.append("log entry \(entry.key) shredded \(key.pseudonym), and the store does not say so")
                }
                if try !isCopy && !keys.holds(key.id) { defects.append("key \(key.id) of \(key.pseudonym) is missing from \(keys.path), and no log entry shredded it") }
            }
            if let position = key.admitted, admitted[position] != key.pseudonym { defects.append("log entry \(position) does not admit \(key.pseudonym), and the store says so") }
        }
        for (position, entry) in entries.sorted(by: { $0.key < $1.key }) {
            for pseudonym in entry.pseudonyms.subtracting(found).sorted() { defects.append("log entry \(position) shredded \(pseudonym), and the store knows nothing of it") }
        }
        let removed = entries.values.reduce(into: Set<String>()) { $0.formUnion($1.removed) }
        for id in try Store.removedEffects(in: session) where !removed.contains(id) { defects.append("the payload of effect \(id) was taken away, and no log entry says so") }
        return defects + (try originals(site, in: session))
    }

    private func originals(_ site: Site, in session: any StoreSession) throws -> [String] {
        var defects: [String] = []
        for item in try Store.shreddedOriginals(in: session) {
            guard let file = try Store.file(item.file, in: session), entries[item.position]?.originals.contains("\(file.id) \(file.digest)") == true else {
                defects.append("log entry \(item.position) does not shred the original of file \(item.file), and the store says so")
                continue
            }
            for path in ShreddedOriginals.paths(of: file, site) where FileManager.default.fileExists(atPath: path) {
                // The same bytes may have come again since, as another file.
                let came = try Store.files(digest: file.digest, in: session).map(\.id).contains { $0 > file.id }
                if !came { defects.append("\(path) is there, and log entry \(item.position) says that it was shredded") }
            }
        }
        return defects
    }
}
