import Diagnostics
package import Formats

/// Decides which files of one folder are whole and may be taken, and says of the others what they wait for.
///
/// Pure: scans, probes and instants come in, verdicts come out. Instants are milliseconds of a clock that only goes
/// forward. Quiet time counts from our own first sight or the last change that we saw, never from the file's own
/// time stamps: copying can preserve them, and a half-copied file then looks old. That one was written to is told by its size and both its times.
package struct Settling: Sendable {
    /// When a file counts as whole.
    package enum Rule: Hashable, Sendable {
        /// When its format says so; for a format that has no end of its own, after the quiet time.
        case auto
        /// When the file of this name is there too; `{name}` stands for the file's own name.
        case doneFile(String)
        /// When it has not changed for this long.
        case quiet(milliseconds: Int)
    }

    /// In which order files are taken that are whole.
    package enum Order: String, Hashable, Sendable {
        /// By the bytes of their names.
        case name
        /// By their names, in which digits count as the number that they write: `out-9` before `out-10`.
        case number
        /// By when they were written last, as their file system says; then by name.
        case oldest
        /// By when they were first seen here, which begins anew with each start; then by name.
        case seen
    }

    package struct Policy: Hashable, Sendable {
        package var rule: Rule
        package var order: Order
        /// No file is taken before those that come before it in the order.
        package var isInSequence: Bool
        /// Quiet time under ``Rule/auto`` for formats without an end.
        package var quietMilliseconds: Int
        /// A file that is not whole and has not changed for this long is taken all the same, so that its reader says
        /// what is missing. A file that waits for its done marker is not.
        package var giveUpMilliseconds: Int

        package init(
            rule: Rule = .auto, order: Order = .name, isInSequence: Bool = false, quietMilliseconds: Int = 5_000, giveUpMilliseconds: Int = 900_000
        ) {
            self.rule = rule
            self.order = order
            self.isInSequence = isInSequence
            self.quietMilliseconds = quietMilliseconds
            self.giveUpMilliseconds = giveUpMilliseconds
        }
    }

    package enum Verdict: Hashable, Sendable {
        /// May be taken; the text says why.
        case ready(String)
        /// What it waits for, and when that could change with nothing happening to the file.
        case waiting(String, until: Int?)
        /// Is taken though it is not whole.
        case gaveUp(String)
    }

    struct Candidate {
        var identity: FileIdentity
        var changed: Int64
        var firstSeen: Int
        var lastChange: Int
        /// What a probe said of the file as it is now.
        var completeness: Completeness?
        /// Whether somebody has it open for writing; nil where that cannot be told.
        var isOpen: Bool?
        /// Why it cannot be looked at.
        var trouble: String?
    }

    /// How long a file that is whole is to be unchanged where nobody can tell whether it is still open: a writer may add to it.
    private static let openGraceMilliseconds = 1_000
    /// When a file that somebody has open is looked at again though nothing happens.
    private static let openLookMilliseconds = 500

    package let policy: Policy
    private var candidates: [FileName: Candidate] = [:]
    private var present: Set<FileName> = []

    package init(policy: Policy = Policy()) { self.policy = policy }

    /// Takes in a scan of the whole folder: files that are not in it are forgotten.
    package mutating func saw(_ sightings: [Sighting], at now: Int) {
        present = Set(sightings.map { FileName($0.name) })
        candidates = candidates.filter { present.contains($0.key) }
        for sighting in sightings where !isMarker(sighting.name) {
            let name = FileName(sighting.name)
            guard var known = candidates[name] else {
                candidates[name] = Candidate(identity: sighting.identity, changed: sighting.changed, firstSeen: now, lastChange: now)
                continue
            }
            if known.identity != sighting.identity || known.changed != sighting.changed {
                known.identity = sighting.identity
                known.changed = sighting.changed
                known.lastChange = now
                (known.completeness, known.isOpen, known.trouble) = (nil, nil, nil)
                candidates[name] = known
            }
        }
    }

    /// Files whose two ends the format is to be asked about, because they are new or have changed, or somebody had them open.
    package var toProbe: [String] {
        guard policy.rule == .auto else { return [] }
        return candidates.filter { ($0.value.completeness == nil || $0.value.isOpen == true) && $0.value.identity.size > 0 }.keys.sorted().map(\.text)
    }

    /// Takes in what the format says of a file.
    ///
    /// - Parameter isOpen: whether somebody has it open for writing; nil where that cannot be told.
    package mutating func probed(_ name: String, _ completeness: Completeness, isOpen: Bool?) {
        guard var known = candidates[FileName(name)] else { return }
        (known.completeness, known.isOpen, known.trouble) = (completeness, isOpen, nil)
        candidates[FileName(name)] = known
    }

    /// Takes in that a file cannot be looked at, or not be taken as it is; that is asked again at each look.
    package mutating func refused(_ name: String, _ reason: String) { candidates[FileName(name)]?.trouble = reason }

    /// The file as it was seen last (what is spooled must still be this), and when it was first seen.
    package func seen(_ name: String) -> (identity: FileIdentity, first: Int)? { candidates[FileName(name)].map { ($0.identity, $0.firstSeen) } }

    /// Files that have more bytes than a limit.
    package func names(largerThan limit: Int) -> [String] { candidates.filter { $0.value.identity.size > limit }.keys.sorted().map(\.text) }

    /// Forgets a file that was taken. If its name is seen again, it is a new file.
    package mutating func took(_ name: String) { candidates[FileName(name)] = nil }

    /// Every file of the folder with its verdict, in the order in which they are taken.
    package func verdicts(at now: Int) -> [(name: String, verdict: Verdict)] {
        var first: String?
        return candidates.sorted { policy.order.isBefore($0, $1) }.map { name, file in
            var verdict = verdict(on: name.text, file, at: now)
            if policy.isInSequence {
                if let first {
                    verdict = .waiting("waits for \(LineText.name(first)), which comes before it", until: nil)
                } else if case .waiting = verdict {
                    first = name.text
                }
            }
            return (name.text, verdict)
        }
    }

    package func verdict(on name: String, at now: Int) -> Verdict? {
        guard policy.isInSequence else { return candidates[FileName(name)].map { verdict(on: name, $0, at: now) } }
        return verdicts(at: now).first { FileName($0.name) == FileName(name) }?.verdict
    }

    /// The next instant at which a verdict could change with nothing happening in the folder.
    package func nextLook(after now: Int) -> Int? {
        verdicts(at: now).compactMap {
            guard case .waiting(_, let until) = $0.verdict else { return nil }
            return until
        }.min()
    }

    private func verdict(on name: String, _ file: Candidate, at now: Int) -> Verdict {
        if let trouble = file.trouble { return .waiting(trouble, until: nil) }
        let quiet = now - file.lastChange
        let end = file.lastChange + policy.giveUpMilliseconds
        let isOpen = file.isOpen == true && quiet < policy.giveUpMilliseconds
        if case .doneFile(let pattern) = policy.rule {
            let marker = Self.marker(pattern, of: name), told = LineText.name(marker)
            if present.contains(FileName(marker)) { return .ready("its done marker \(told) is there") }
            let late = quiet >= policy.giveUpMilliseconds ? ", overdue for \(Self.span(quiet - policy.giveUpMilliseconds))" : ""
            return .waiting("waits for its done marker \(told)\(late)", until: quiet < policy.giveUpMilliseconds ? end : nil)
        }
        if file.identity.size == 0 {
            if quiet >= policy.giveUpMilliseconds { return .gaveUp("still empty after \(Self.span(quiet))") }
            return .waiting("is empty so far", until: end)
        }
        var needed = policy.quietMilliseconds
        if case .quiet(let milliseconds) = policy.rule {
            needed = milliseconds
        } else {
            switch file.completeness {
            case .complete where isOpen: return .waiting("is whole by its format, and somebody has it open for writing", until: min(now + Self.openLookMilliseconds, end))
            case .complete where file.isOpen == nil && quiet < Self.openGraceMilliseconds:
                return .waiting("is whole by its format, and is to be unchanged for a second, as nobody can tell whether somebody has it open for writing", until: file.lastChange + Self.openGraceMilliseconds)
            case .complete: return .ready("its format says that it is whole")
            case nil: return .waiting("is to be looked at", until: now)
            case .incomplete(let reason):
                if quiet >= policy.giveUpMilliseconds { return .gaveUp("\(reason), unchanged for \(Self.span(quiet))") }
                return .waiting(reason, until: end)
            case .unknown: break
            }
        }
        if quiet >= needed, isOpen { return .waiting("somebody has it open for writing", until: min(now + Self.openLookMilliseconds, end)) }
        if quiet >= needed { return .ready("unchanged for \(Self.span(quiet))") }
        return .waiting("is to be unchanged for \(Self.span(needed))", until: file.lastChange + needed)
    }

    /// A file that only says of another one that it is done.
    private func isMarker(_ name: String) -> Bool {
        guard case .doneFile(let pattern) = policy.rule else { return false }
        let parts = Self.parts(pattern), name = Folder.name(of: name)
        guard parts.hasName else { return name == pattern }
        return name.utf8.count > parts.before.utf8.count + parts.after.utf8.count
            && name.hasPrefix(parts.before) && name.hasSuffix(parts.after)
    }

    /// The name of a file's done marker, which lies in the same folder.
    package static func marker(_ pattern: String, of name: String) -> String {
        let parts = parts(pattern), own = Folder.name(of: name)
        let marker = parts.hasName ? parts.before + own + parts.after : pattern
        return own == name ? marker : "\(Folder.parent(of: name))/\(marker)"
    }

    private static func parts(_ pattern: String) -> (before: String, after: String, hasName: Bool) {
        let pieces = pattern.split(separator: "{name}", maxSplits: 1, omittingEmptySubsequences: false)
        return pieces.count == 2 ? (String(pieces[0]), String(pieces[1]), true) : (pattern, "", false)
    }

    /// Milliseconds for people: `850 ms`, `5 s`, `15 min`.
    private static func span(_ milliseconds: Int) -> String {
        switch milliseconds {
        case ..<1_000: "\(milliseconds) ms"
        case ..<120_000: "\(milliseconds / 1_000) s"
        default: "\(milliseconds / 60_000) min"
        }
    }
}
