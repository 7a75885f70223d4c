package import Diagnostics

/// The first thing wrong with a log.
package struct LogDefect: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Another position was expected here: entries are missing, doubled or out of order.
        case gap(expected: Int)
        /// The entry is not as it was written.
        case changed
        /// The entry is whole, and follows another one than the entry before it.
        case unlinked
        /// The first entry is not the genesis that this log is known to begin with.
        case genesis
        /// A witness saw another entry at this position.
        case witness(expected: ContentDigest)
        /// The log ends before this position, which a witness saw.
        case truncated
        /// A line of an exported log is not in the one form that it must have; the text says why.
        case form(String)
        /// A checkpoint does not hold, or is not of this log; the text says why.
        case checkpoint(String)
    }

    /// Where the defect shows.
    package let position: Int
    package let kind: Kind

    /// What is wrong, with expected and found.
    package var fact: String {
        switch kind {
        case .gap(let expected): "log entry \(expected) was expected; \(position) was found"
        case .changed: "log entry \(position) does not have the digest that its contents call for"
        case .unlinked: "log entry \(position) does not follow the entry before it"
        case .genesis: "log entry \(position) is not the genesis that this log begins with"
        case .witness(let expected): "log entry \(position) does not have the witnessed digest \(expected.hex)"
        case .truncated: "the log ends before entry \(position), which was witnessed"
        case .form(let why): "at log entry \(position) the exported log is not in its form: \(why)"
        case .checkpoint(let why): why
        }
    }

    package var diagnostic: Diagnostic {
        Diagnostic(
            .logDefect, .error, fact, at: SourcePosition(place: .path("log entry \(position)")),
            hint: "stop, keep this copy as evidence, and compare it with a copy or a witnessed head")
    }
}

/// Verifies a log as its entries stream past, in order, in constant memory. The first defect stands: after it nothing is known.
package struct LogVerification: Sendable {
    private let genesis: ContentDigest?
    private let witnessed: LogHead?
    private var buffer: [UInt8] = []

    /// How many entries were found whole.
    package private(set) var count = 0
    /// The last entry that was found whole.
    package private(set) var head: LogHead?
    package private(set) var defect: LogDefect?

    /// - Parameters:
    ///   - genesis: the hash of entry 0, known from elsewhere; without it a log replaced as a whole is not noticed.
    ///   - witnessed: a head seen earlier and kept elsewhere; without it a dropped tail is not noticed.
    package init(genesis: ContentDigest? = nil, witnessed: LogHead? = nil) {
        self.genesis = genesis
        self.witnessed = witnessed
        buffer.reserveCapacity(1024)
    }

    /// Goes on after an entry that was verified before.
    package init(after head: LogHead) {
        self.init()
        self.head = head
    }

    /// Checks the next entry; gives the first defect of the log so far.
    ///
    /// - Parameter digests: of this entry, where they were worked out already.
    @discardableResult
    package mutating func check(_ entry: LogEntry, digests: EntryDigests? = nil) -> LogDefect? {
        guard defect == nil else { return defect }
        let expected = (head?.position ?? -1) + 1
        if entry.position != expected { return found(.gap(expected: expected), entry.position) }
        if !(digests?.isWhole ?? (entry.hash == entry.computedHash(&buffer))) { return found(.changed, expected) }
        if entry.previous != head?.hash ?? .zero { return found(.unlinked, expected) }
        if expected == 0, entry.kind != .genesis || genesis.map({ $0 != entry.hash }) ?? false { return found(.genesis, 0) }
        if let witnessed, witnessed.position == expected, witnessed.hash != entry.hash {
            return found(.witness(expected: witnessed.hash), expected)
        }
        head = entry.head
        count += 1
        return nil
    }

    /// After the last entry: whether the log is long enough.
    package mutating func finish() -> LogDefect? {
        guard defect == nil else { return defect }
        guard let head else { return found(.truncated, 0) }
        if let witnessed, head.position < witnessed.position { return found(.truncated, witnessed.position) }
        return nil
    }

    private mutating func found(_ kind: LogDefect.Kind, _ position: Int) -> LogDefect? {
        defect = LogDefect(position: position, kind: kind)
        return defect
    }
}
