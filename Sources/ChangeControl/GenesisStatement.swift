package import Diagnostics

/// What the two roots of a site both sign, under the namespace `genesis@crossdock`, before anything is live: the first state
/// and their own keys. It is the body of log entry 0, so that no first change goes unguarded.
package struct GenesisStatement: Hashable, Sendable {
    package struct Root: Hashable, Sendable {
        package let principal: Principal
        package let name: String
        package let fingerprint: KeyFingerprint
    }

    package let origin: String
    package let state: StateDescription
    package let first: Root
    package let second: Root
    package let reason: String

    /// The statement for a site's first state. The roots are the two persons with that role, in the order of governance.
    package static func make(state: StateDescription, governance: Governance, reason: String) throws(ChangeRefusal) -> GenesisStatement {
        guard governance.manifest == state.governance else {
            throw ChangeRefusal(.staleBase, governance.origin, "the governance given is not that of the state", hint: "read it from the same files")
        }
        guard StatementLines.isLine(reason) else {
            throw ChangeRefusal(.text, governance.origin, "the reason is not one line of text", hint: "write one line, without control characters")
        }
        let persons = governance.persons.filter { $0.roles.contains(.root) }
        guard persons.count == 2 else {
            throw ChangeRefusal(.role, governance.origin, "\(persons.count) persons are roots; 2 are needed", hint: "give two persons the role root")
        }
        var roots: [Root] = []
        for person in persons {
            guard let signer = governance.signers.signer(person.principal), signer.namespaces.contains(.genesis) else {
                throw ChangeRefusal(
                    .signature, person.principal.name, "is a root and has no key for \(SignatureNamespace.genesis.rawValue)",
                    hint: "add a line to allowed_signers")
            }
            roots.append(Root(principal: person.principal, name: person.name, fingerprint: signer.fingerprint))
        }
        return GenesisStatement(origin: governance.origin, state: state, first: roots[0], second: roots[1], reason: reason)
    }

    /// The text that both sign, ended by a LF.
    package var text: String {
        StatementLines.write(GenesisStatement.title, [
            ("origin", origin), ("state", state.id.description), ("bundle", state.bundle.hex), ("overrides", state.overrides.hex),
            ("governance", state.governance.hex), ("engine", state.engine), ("zones", state.zones),
            ("first", first.principal.name), ("first-name", first.name), ("first-key", first.fingerprint.text),
            ("second", second.principal.name), ("second-name", second.name), ("second-key", second.fingerprint.text),
            ("meaning", "begin"), ("reason", reason),
        ])
    }

    /// Reads `text` back; nil with an error for anything that is not exactly such a text.
    package static func parse(_ text: String) -> (statement: GenesisStatement?, diagnostics: [Diagnostic]) {
        let keys = ["origin", "state", "bundle", "overrides", "governance", "engine", "zones", "first", "first-name", "first-key",
                    "second", "second-name", "second-key", "meaning", "reason"]
        let read = StatementLines.read(text, title: title, keys: keys, code: .statementText)
        guard let lines = read.lines else { return (nil, read.diagnostics) }
        guard let bundle = ContentDigest(hex: lines[2]), let overrides = ContentDigest(hex: lines[3]),
              let governance = ContentDigest(hex: lines[4]), let first = Principal(lines[7]), let firstKey = KeyFingerprint(lines[9]),
              let second = Principal(lines[10]), let secondKey = KeyFingerprint(lines[12]) else {
            return (nil, [Diagnostic(.statementText, .error, "a line of the statement does not have the form that it must have")])
        }
        let state = StateDescription(bundle: bundle, overrides: overrides, governance: governance, engine: lines[5], zones: lines[6])
        let statement = GenesisStatement(
            origin: lines[0], state: state, first: Root(principal: first, name: lines[8], fingerprint: firstKey),
            second: Root(principal: second, name: lines[11], fingerprint: secondKey), reason: lines[14])
        // The canonical text holds the state's id and the meaning: whatever was written differently shows here.
        guard statement.text.utf8.elementsEqual(text.utf8) else {
            return (nil, [Diagnostic(.statementText, .error, "the statement is not in its one canonical form")])
        }
        return (statement, [])
    }

    /// Whether a site may begin with this: it is the statement of this state, and both roots have signed it with keys of their own.
    package func check(state: StateDescription, governance: Governance, verified: [VerifiedSignature]) throws(ChangeRefusal) {
        let expected = try GenesisStatement.make(state: state, governance: governance, reason: reason)
        guard expected == self else {
            throw ChangeRefusal(.otherContent, origin, "the statement is not of this state and these roots", hint: "print it again and sign that")
        }
        guard first.principal != second.principal, first.fingerprint != second.fingerprint else {
            throw ChangeRefusal(.countedAlready, origin, "the two roots are one person or one key", hint: "two persons begin a site")
        }
        let message = ContentDigest(ofText: text)
        for root in [first, second] {
            let needed = VerifiedSignature(
                principal: root.principal, fingerprint: root.fingerprint, namespace: .genesis, message: message)
            guard verified.contains(needed) else {
                throw ChangeRefusal(
                    .signature, root.principal.name, "no verified signature by key \(root.fingerprint) stands behind the genesis",
                    hint: "sign the statement: ssh-keygen -Y sign -n \(SignatureNamespace.genesis.rawValue) -f KEY FILE")
            }
        }
    }

    private static let title = "crossdock genesis 1"
}
