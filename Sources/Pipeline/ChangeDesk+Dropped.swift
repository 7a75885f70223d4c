package import ChangeControl
import FoundationEssentials
import Glibc
import Signatures
import Store
package import Values

/// What became of an approval that was dropped into `Governance/in`.
package struct DroppedApproval: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case accepted(ChangeRequestID)
        case refused(String)
    }

    /// File name without `.approve`.
    package let name: String
    package let outcome: Outcome
}

extension ChangeDesk {
    /// Folder, relative to the site's root, where signed files are dropped.
    package static let dropFolder = "Governance/in"
    /// Pairs in one look, and bytes of one file: whoever may drop files must not be able to fill the log or the memory.
    static let droppedMax = 100, droppedBytesMax = 64 << 10

    /// Takes every complete pair `NAME.approve` and `NAME.approve.sig` from the drop folder: an approval that stands is
    /// added to its request, any other is refused. Both outcomes are logged, and the pair is moved to `accepted` or
    /// `rejected` with the reason beside it. A statement still without its signature is left where it is.
    package func takeDropped(at now: Instant) async throws -> [DroppedApproval] {
        let folder = "\(site.root)/\(Self.dropFolder)"
        var outcomes: [DroppedApproval] = []
        for name in try completePairs(in: folder).prefix(Self.droppedMax) {
            let outcome = try await take(name, in: folder, at: now)
            try move(name, in: folder, outcome)
            outcomes.append(DroppedApproval(name: name, outcome: outcome))
        }
        return outcomes
    }

    private func completePairs(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        let present = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        return present.filter { !$0.hasPrefix(".") && $0.hasSuffix(".approve") && present.contains($0 + ".sig") }
            .map { String($0.dropLast(".approve".count)) }.filter { !$0.isEmpty }
            .filter { isWritten("\(folder)/\($0).approve.sig") }.sorted()
    }

    /// Whether a signature is there whole: a writer may be at it still. One that stays broken is taken, and refused, once
    /// nobody has written to it for a minute.
    private func isWritten(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.droppedBytesMax else { return true }
        if Int64(time(nil)) - Int64(status.st_mtim.tv_sec) > 60 { return true }
        guard let bytes = FileManager.default.contents(atPath: path) else { return false }
        return String(decoding: bytes, as: UTF8.self).contains("-----END SSH SIGNATURE-----")
    }

    private func take(_ name: String, in folder: String, at now: Instant) async throws -> DroppedApproval.Outcome {
        let digest: String
        do {
            let statement = try text("\(folder)/\(name).approve"), signature = try text("\(folder)/\(name).approve.sig")
            digest = ContentDigest(ofText: statement).hex
            if let id = try alreadyCounted(statement, signature) { return .accepted(id) }
            do {
                return .accepted(try await approve(statement: statement, signature: signature, at: now).id)
            } catch let failure as SignatureFailure where failure.isWorthRetrying {
                throw failure
            } catch let failure as ChangeRefusal {
                return try refuse(name, digest, "\(failure)", at: now)
            } catch let failure as SignatureFailure {
                return try refuse(name, digest, "\(failure)", at: now)
            } catch let failure as PipelineFailure where !failure.isRetriable {
                return try refuse(name, digest, "\(failure)", at: now)
            }
        } catch let failure as UnreadableDrop {
            return try refuse(name, "", failure.fact, at: now)
        }
    }

    /// The request, where exactly this approval is part of it: it was taken, and the move after it was interrupted.
    private func alreadyCounted(_ text: String, _ signature: String) throws -> ChangeRequestID? {
        guard let statement = ApprovalStatement.parse(text).statement,
            let row = try site.store.request(statement.request.description)
        else { return nil }
        let request = try Self.request(row)
        return request.approvals.contains(Approval(statement: statement, signature: signature)) ? request.id : nil
    }

    private func refuse(_ name: String, _ digest: String, _ reason: String, at now: Instant) throws -> DroppedApproval.Outcome {
        let body = Value.context(ContextValue([
            ("file", .string(String(name.prefix(200)))), ("digest", .string(digest)), ("because", .string(String(reason.prefix(2000)))),
        ]))
        try site.store.driver.write { session in _ = try Store.append(.approvalRefused, body, at: now, in: session) }
        return .refused(reason)
    }

    private struct UnreadableDrop: Error { let fact: String }

    private func text(_ path: String) throws -> String {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw UnreadableDrop(fact: "\(path) is no regular file") }
        guard status.st_size <= Self.droppedBytesMax else {
            throw UnreadableDrop(fact: "\(path) has \(status.st_size) bytes; at most \(Self.droppedBytesMax) are read")
        }
        guard let text = String(validating: try FileBytes.read(path, limit: Self.droppedBytesMax), as: UTF8.self) else {
            throw UnreadableDrop(fact: "\(path) is not UTF-8")
        }
        return text
    }

    private func move(_ name: String, in folder: String, _ outcome: DroppedApproval.Outcome) throws {
        let (place, reason): (String, String) =
            switch outcome {
            case .accepted(let id): ("accepted", "counted for \(id)\n")
            case .refused(let why): ("rejected", why + "\n")
            }
        let target = "\(folder)/\(place)"
        try Site.makeFolder(target)
        var kept = name, number = 1
        while FileManager.default.fileExists(atPath: "\(target)/\(kept).approve") {
            number += 1
            kept = "\(name)-\(number)"
        }
        guard FileManager.default.createFile(atPath: "\(target)/\(kept).reason.txt", contents: Data(reason.utf8)) else {
            throw PipelineFailure(errno: errno, subject: "\(target)/\(kept).reason.txt", hint: "check the folder's owner and the disk")
        }
        for suffix in [".approve.sig", ".approve"] {
            guard rename("\(folder)/\(name)\(suffix)", "\(target)/\(kept)\(suffix)") == 0 else {
                throw PipelineFailure(errno: errno, subject: "\(folder)/\(name)\(suffix)", hint: "check the folder's owner and the disk")
            }
        }
    }
}
