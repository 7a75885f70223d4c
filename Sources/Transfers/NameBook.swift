/// Addresses of host names as they were found, for a while, and who waits for those that are being looked up. A name is looked up once however many wait
/// for it; what was not found is looked up again for the next one.
struct NameBook {
    /// What is known of the host of a submission.
    enum Knowledge {
        /// It needs no looking up.
        case none
        case known(Origin, NameAnswer)
        /// It is being looked up; ``note(_:of:at:)`` gives the submission back.
        case asked
    }

    private struct Asking {
        var submission: Submission
        var origin: Origin
        var due: UInt64
    }

    private let age: UInt64
    private let resolver: NameResolver
    private let answered: @Sendable (String, NameAnswer) -> Void
    /// By URL. Targets have one each.
    private var origins: [String: Origin?] = [:]
    private var found: [String: (answer: NameAnswer, at: UInt64)] = [:]
    private var asking: [String: [Asking]] = [:]
    /// Names that a thread is at, whether or not anybody waits for them still.
    private var looking: Set<String> = []

    private static let originsMax = 1_000

    init(ageMaxSeconds: Int, _ resolver: NameResolver, answered: @escaping @Sendable (String, NameAnswer) -> Void) {
        age = UInt64(max(0, ageMaxSeconds)) * 1_000_000_000
        self.resolver = resolver
        self.answered = answered
    }

    var isEmpty: Bool { asking.isEmpty }
    private(set) var askingCount = 0

    /// When the first who waits gives up, in monotonic nanoseconds.
    var nextDue: UInt64? { asking.isEmpty ? nil : asking.values.lazy.flatMap { $0 }.map(\.due).min() }

    /// Times are monotonic, in nanoseconds.
    mutating func answer(for submission: Submission, at now: UInt64) -> Knowledge {
        guard let origin = origin(of: submission.request.proxy?.url ?? submission.request.url), !origin.isAddress else { return .none }
        let name = origin.host
        if let known = found[name] {
            if now - known.at < age { return .known(origin, known.answer) }
            found[name] = nil
        }
        let due = now + UInt64(submission.request.limits.connectMilliseconds) * 1_000_000
        asking[name, default: []].append(Asking(submission: submission, origin: origin, due: due))
        askingCount += 1
        if looking.insert(name).inserted {
            let answered = answered
            resolver.resolve(name) { answered(name, $0) }
        }
        return .asked
    }

    /// A name was looked up: gives those who waited for it.
    mutating func note(_ answer: NameAnswer, of name: String, at now: UInt64) -> [(Submission, Origin)] {
        looking.remove(name)
        if case .addresses = answer {
            if found.count >= NameBook.originsMax { found = [:] }
            found[name] = (answer, now)
        }
        let waited = asking.removeValue(forKey: name) ?? []
        askingCount -= waited.count
        return waited.map { ($0.submission, $0.origin) }
    }

    /// Takes out those who have waited for as long as they may.
    mutating func overdue(at now: UInt64) -> [(Submission, Origin)] {
        guard let nextDue, nextDue <= now else { return [] }
        return take { $0.due <= now }.map { ($0.submission, $0.origin) }
    }

    mutating func remove(_ id: UInt64) -> Submission? { asking.isEmpty ? nil : take { $0.submission.id == id }.first?.submission }

    mutating func removeAll() -> [Submission] { take { _ in true }.map(\.submission) }

    private mutating func take(_ isTaken: (Asking) -> Bool) -> [Asking] {
        var taken: [Asking] = []
        for (name, all) in asking {
            let matching = all.filter(isTaken)
            guard !matching.isEmpty else { continue }
            taken += matching
            let left = all.filter { !isTaken($0) }
            asking[name] = left.isEmpty ? nil : left
        }
        askingCount -= taken.count
        return taken
    }

    private mutating func origin(of url: String) -> Origin? {
        if let known = origins[url] { return known }
        if origins.count >= NameBook.originsMax { origins = [:] }
        let origin = Origin(url)
        origins[url] = .some(origin)
        return origin
    }
}
