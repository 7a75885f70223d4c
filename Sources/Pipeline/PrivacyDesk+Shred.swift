package import ChangeControl
import Outbox
package import Records
import Sealing
import Store
package import Values

extension PrivacyDesk {
    /// Two persons of the live governance who answer for what cannot be undone: an operator who does it, and an approver who agrees.
    package struct Persons: Sendable {
        package let by: Principal
        package let with: Principal

        package init(by: Principal, with: Principal) {
            self.by = by
            self.with = with
        }
    }

    /// What a shredding did.
    package struct Shredded: Sendable {
        /// Position of its log entry; where there was nothing left to do, of the former one.
        package let position: Int
        package let isNew: Bool
        /// Personal values that can be read no more.
        package let values: Int
        /// Originals that are gone, and those that still hold the subject's bytes.
        package let originals: [SubjectHoldings.Original]
        package let originalsLeft: [SubjectHoldings.Original]
        /// Action files that were handed over and still lie in their target's folder.
        package let handedOver: [String]
        /// False where somebody read the store for so long that its write-ahead log still holds what was replaced.
        package let isCut: Bool
    }

    /// Destroys the keys of a subject, replaces what was stored of it before it was sealed, and says so in the log by a pseudonym. It cannot be undone.
    ///
    /// The log entry comes first, in the transaction that marks the keys; then the keys are overwritten, then originals. Whoever stops it between
    /// leaves a subject that reads as shredded, and the next start or a second call does the rest.
    ///
    /// - Parameter originals: whether the files go too that brought records of the subject. They hold records of others, which keep all but their bytes.
    package func shred(_ subject: PersonalSubject, by persons: Persons, reason: String, originals: Bool, at now: Instant) throws -> Shredded {
        try expect(persons, reason)
        let now = max(now, try site.store.timeOfLog() ?? now)
        // Files are read before the writer is held.
        let named = try site.store.driver.read { try filesSetAside(naming: values(of: subject, in: $0), in: $0) }
        let (done, isCut) = try site.store.driver.erase { session in
            try expectLive(in: session)
            let survey = try survey(subject, in: session, namedIn: named), holdings = survey.holdings
            try expectFree(survey, reason, originals: originals, in: session)
            let gone = originals ? holdings.originalsLeft : []
            let isNew = holdings.keys.last.map { $0.shredded == nil } ?? true || !survey.plain.isEmpty || !gone.isEmpty || holdings.effects.contains { !$0.isSealed }
            guard isNew else { return (Done(position: holdings.keys.last?.shredded ?? 0, isNew: false, holdings: holdings, values: 0, gone: [], leftTraces: false), false) }
            let done = try write(survey, gone, persons, reason, now, in: session)
            return (done, done.leftTraces)
        }
        try site.store.destroyShreddedKeys(again: true)
        try ShreddedOriginals(site: site).remove()
        return Shredded(
            position: done.position, isNew: done.isNew, values: done.values, originals: done.gone,
            originalsLeft: done.holdings.originalsLeft.filter { left in !done.gone.contains { $0.file == left.file } },
            handedOver: done.holdings.effects.compactMap(\.lyingAt), isCut: isCut)
    }

    private struct Done {
        let position: Int
        let isNew: Bool
        let holdings: SubjectHoldings
        let values: Int
        let gone: [SubjectHoldings.Original]
        /// Whether plain texts were replaced, which may stand in free space from before.
        let leftTraces: Bool
    }

    private func write(
        _ survey: Survey, _ gone: [SubjectHoldings.Original], _ persons: Persons, _ reason: String, _ now: Instant, in session: any StoreSession
    ) throws -> Done {
        let holdings = survey.holdings, subject = holdings.subject
        let position = try Store.nextPosition(in: session)
        try Store.shred(subject, position: position, in: session)
        let keys = try Store.personalKeys(of: subject, in: session)
        guard let latest = keys.last else { preconditionFailure("a subject that is shredded has a key") }
        for record in survey.plain {
            for slot in record.slots {
                try Store.replace(slot, of: record.kind, row: record.row, with: SealedText.withheld(latest.id), in: session)
            }
        }
        var removed: [String] = [], isRewritten = false
        for effect in holdings.effects where !effect.isSealed {
            guard let stored = try Store.effect(effect.id, in: session) else { continue }
            try Store.removePayload(ofEffect: effect.id, digest: ContentDigest(of: stored.effect.payload).hex, in: session)
            removed.append(effect.id)
        }
        for original in holdings.originals {
            guard let file = try Store.file(original.file, in: session) else { continue }
            if try Store.rewriteFindings(of: file, { Self.without(survey.values, $0) }, in: session) { isRewritten = true }
        }
        for original in gone { try Store.noteShredded(file: original.file, position: position, in: session) }
        let shredded = keys.filter { $0.shredded == position }, pseudonyms = (shredded.isEmpty ? [latest] : shredded).map(\.pseudonym)
        let values = holdings.records.reduce(0) { $0 + $1.readable }
        try Store.append(
            .subjectShredded,
            .context(ContextValue([
                ("pseudonyms", .list(pseudonyms.map { .string($0) })), ("values", .integer(values)), ("removed", .list(removed.map { .string($0) })),
                ("originals", .list(gone.map { .string("\($0.file) \($0.digest)") })), ("state", .string(state)), ("by", .string(persons.by.name)),
                ("with", .string(persons.with.name)), ("because", .string(reason)),
            ])),
            at: now, in: session)
        return Done(
            position: position, isNew: true, holdings: holdings, values: values, gone: gone,
            leftTraces: isRewritten || !removed.isEmpty || !survey.plain.isEmpty)
    }

    /// A text with values taken out of it.
    static func without(_ values: [String], _ text: String) -> String { values.reduce(text) { $0.replacing($1, with: "…") } }

    /// Lets a subject that was shredded be known again: the next record that names it gets a new key. What was shredded stays so.
    package func admit(_ subject: PersonalSubject, by persons: Persons, reason: String, at now: Instant) throws -> Int {
        try expect(persons, reason)
        let now = max(now, try site.store.timeOfLog() ?? now)
        return try site.store.driver.write { session in
            try expectLive(in: session)
            guard let latest = try Store.personalKey(of: subject, in: session), latest.withholds else {
                throw PipelineFailure(subject: subject.description, cause: "it is not shredded", hint: "`crossdock privacy show \(subject)` tells how it stands")
            }
            try expectNameless(reason, [subject.party])
            let position = try Store.nextPosition(in: session)
            try Store.admit(latest, position: position, in: session)
            try Store.append(
                .subjectAdmitted,
                .context(ContextValue([
                    ("pseudonym", .string(latest.pseudonym)), ("by", .string(persons.by.name)), ("with", .string(persons.with.name)), ("because", .string(reason)),
                ])),
                at: now, in: session)
            return position
        }
    }

    // MARK: - What has to hold

    private func expect(_ persons: Persons, _ reason: String) throws {
        guard governance.person(persons.by)?.roles.contains(.operator) == true else {
            throw ChangeRefusal(.role, persons.by.name, "is not an operator", hint: "governance names the operators")
        }
        guard governance.person(persons.with)?.roles.contains(.approver) == true else {
            throw ChangeRefusal(.role, persons.with.name, "is not an approver", hint: "governance names the approvers")
        }
        guard persons.by != persons.with else { throw ChangeRefusal(.ownChange, persons.by.name, "cannot agree with what they do themselves", hint: "name another person") }
        guard !reason.isEmpty, !reason.contains(where: { $0.isNewline }) else {
            throw ChangeRefusal(.text, "the reason", "is empty, or has a line break", hint: "say in one line why it is done")
        }
    }

    private func expectFree(_ survey: Survey, _ reason: String, originals: Bool, in session: any StoreSession) throws {
        let holdings = survey.holdings, subject = holdings.subject
        guard !holdings.isNothing else {
            throw PipelineFailure(subject: subject.description, cause: "nothing is held of it", hint: "write CLIENT/PARTY as records have them")
        }
        if let hold = holdings.hold {
            throw PipelineFailure(
                subject: subject.description, cause: "\(hold.owner) holds what there is of \(subject.client): \(hold.reason)", hint: "a hold ends by a change request")
        }
        if let waiting = holdings.blocking.first {
            throw PipelineFailure(
                subject: subject.description, cause: "\(holdings.blocking.count) effects about it are not delivered: \(waiting.id.prefix(16)) to \(waiting.target) is \(waiting.status)",
                hint: "wait until they are; what is given up on is dead, and no hindrance")
        }
        try expectNameless(reason, survey.values + [subject.party])
        guard originals else { return }
        for original in holdings.originalsLeft {
            guard [.archived, .quarantined, .duplicate].contains(original.status) else {
                throw PipelineFailure(subject: "\(original.feed)/\(original.name)", cause: "it is on its way: \(original.status.rawValue)", hint: "wait until it is archived")
            }
            for client in try Store.clients(ofFile: original.file, in: session).sorted() {
                guard let hold = policy.hold(of: client) else { continue }
                throw PipelineFailure(
                    subject: "\(original.feed)/\(original.name)", cause: "it holds records of \(client), which \(hold.owner) holds: \(hold.reason)",
                    hint: "shred without the originals now, and with them once the hold has ended")
            }
        }
    }

    /// The reason goes into the log, which forgets nothing.
    private func expectNameless(_ reason: String, _ values: [String]) throws {
        let text = reason.lowercased()
        guard !values.contains(where: { $0.count >= Self.valueCharactersMin && text.contains($0.lowercased()) }) else {
            throw ChangeRefusal(.text, "the reason", "names the subject, and the log forgets nothing", hint: "say why without saying who")
        }
    }

    private func expectLive(in session: any StoreSession) throws {
        guard try Store.siteValue(Site.Fact.liveState, in: session) == state else {
            throw PipelineFailure(subject: "the retention", cause: "another state became live; nothing was done", hint: "run it again", isRetriable: true)
        }
    }
}
