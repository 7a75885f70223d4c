import Records
package import Sealing
import Values

/// Seals personal values of records within one transaction, making keys for subjects that have none.
struct PersonalSealer {
    private enum Fate {
        case key(SealingKey)
        /// The subject was shredded: what comes of it is not kept.
        case withheld(Int64)
    }

    private let keys: KeyFile
    private let session: any StoreSession
    private var known: [PersonalSubject: Fate] = [:]
    /// The number of the next key, once one was made: nobody else makes keys within the transaction.
    private var next: Int64?

    init(_ keys: KeyFile, in session: any StoreSession) {
        self.keys = keys
        self.session = session
    }

    /// What is stored in place of the values of some slots.
    mutating func sealed(_ record: Record, _ slots: [Int]) throws -> [Int: String] {
        let definition = record.definition
        let named = slots.filter { record.values[$0] != .null }
        guard !named.isEmpty, let subject = definition.subject(of: record.values) else { return [:] }
        let fate = try fate(of: subject)
        return Dictionary(uniqueKeysWithValues: named.map { slot in
            switch fate {
            case .key(let key): (slot, SealedText.seal(record.values[slot].text, under: key, at: definition.place(of: slot, key: record.key)))
            case .withheld(let id): (slot, SealedText.withheld(id))
            }
        })
    }

    /// Waits until the keys that were made are on the disk; to be called before the transaction that uses them is committed.
    func finish() throws { if next != nil { try Store.sealing { () throws(SealingFailure) in try keys.sync() } } }

    private mutating func fate(of subject: PersonalSubject) throws -> Fate {
        if let known = known[subject] { return known }
        let found: Fate
        if let latest = try Store.personalKey(of: subject, in: session) {
            if latest.withholds { found = .withheld(latest.id) } else if latest.shredded == nil,
                let key = try Store.sealing({ () throws(SealingFailure) in try keys.key(latest.id) }) { found = .key(key) } else {
                found = .key(try make(for: subject))
            }
        } else {
            found = .key(try make(for: subject))
        }
        known[subject] = found
        return found
    }

    private mutating func make(for subject: PersonalSubject) throws -> SealingKey {
        let id = try next ?? session.firstRow(Store.nextKey)?.integer(0) ?? 1
        let isFirst = keys.exists ? false : try session.firstRow(Store.anyLivingKey) == nil
        let key = try Store.sealing { () throws(SealingFailure) in try keys.make(id, isFirst: isFirst) }
        try session.execute(
            Store.insertKey,
            [.integer(id), .text(subject.client), .text(subject.party), .text(key.pseudonym(of: subject.description)), .null, .integer(0)])
        next = id + 1
        return key
    }
}

extension RecordDefinition {
    /// Where a value is sealed: it opens at no other place.
    func place(of slot: Int, key: String) -> String { "\(kind.rawValue)\u{1E}\(key)\u{1E}\(fields[slot].name)" }
}

/// Opens what is sealed, as long as the keys are there.
package struct PersonalOpener {
    private let keys: KeyFile
    private let session: any StoreSession
    private var known: [Int64: SealingKey?] = [:]
    /// Most keys that are held at once.
    private static let knownMax = 10_000

    package init(_ keys: KeyFile, in session: any StoreSession) {
        self.keys = keys
        self.session = session
    }

    /// The key of a number; nil where its subject was shredded, or the key is missing.
    package mutating func key(_ id: Int64) throws -> SealingKey? {
        if let key = known[id] { return key }
        if known.count >= Self.knownMax { known.removeAll() }
        let isThere = try Store.personalKey(id, in: session).map { $0.shredded == nil } ?? false
        let key = isThere ? try Store.sealing { () throws(SealingFailure) in try keys.key(id) } : nil
        known[id] = .some(key)
        return key
    }

    /// Opens stored values of a record in place; what cannot be opened becomes null.
    ///
    /// - Returns: slots that were sealed with the numbers of their keys, and whether they were opened.
    mutating func open(_ values: inout [Value], of definition: RecordDefinition) throws -> [(slot: Int, key: Int64, isOpen: Bool)] {
        guard !definition.about.isEmpty else { return [] }
        var sealed: [(slot: Int, key: Int64, isOpen: Bool)] = []
        for slot in values.indices where definition.sealable[slot] {
            guard case .string(let text) = values[slot], SealedText.isMarked(text) else { continue }
            switch SealedText.form(text) {
            case .plain(let plain): values[slot] = .string(plain)
            case .withheld(let id):
                values[slot] = .null
                sealed.append((slot, id, false))
            case .damaged: values[slot] = .null
            case .sealed(let id):
                let place = definition.place(of: slot, key: definition.keyText(values))
                let opened = try key(id).flatMap { SealedText.open(text, with: $0, at: place) }
                values[slot] = opened.map { .string($0) } ?? .null
                sealed.append((slot, id, opened != nil))
            }
        }
        return sealed
    }

    /// The payload of an effect; nil where it cannot be opened any more.
    package mutating func payload(_ bytes: [UInt8], ofEffect id: String) throws -> [UInt8]? {
        guard let ids = SealedPayload.keys(of: bytes) else { return nil }
        var found: [SealingKey] = []
        for id in ids {
            guard let key = try key(id) else { return nil }
            found.append(key)
        }
        return SealedPayload.open(bytes, with: found, at: id)
    }
}
