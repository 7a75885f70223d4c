@testable import ActionFiles
import Foundation
import Outbox
import Testing
import Values

@Suite final class `Action files` {
    let folder: String
    let writer = ActionFileWriter()

    init() throws {
        folder = NSTemporaryDirectory() + "crossdock-action-files-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder): \(error)") }
    }

    func effect(_ id: String = "e1", _ name: String? = "a.csv", _ payload: String = "1;2\n", to target: String = "wms") -> Effect {
        Effect(
            id: id, kind: .actionFile, target: target, contentType: "text/csv", fileName: name, payload: Array(payload.utf8),
            createdAt: Instant(seconds: 0), deadline: Instant(seconds: 1))
    }

    /// What a reader of the folder lists, and what is left where files are written.
    func names() throws -> [String] {
        let writing = "\(folder)/\(ActionFileWriter.writing)"
        let left = FileManager.default.fileExists(atPath: writing) ? try FileManager.default.contentsOfDirectory(atPath: writing) : []
        return (try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != ActionFileWriter.writing } + left).sorted()
    }
    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
    func put(_ text: String, _ name: String) throws { try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8) }

    @Test func `a file appears whole under its name and nothing else is left`() throws {
        #expect(try writer.write(effect(), into: folder) == .written)
        #expect(try names() == ["a.csv"])
        #expect(try text("a.csv") == "1;2\n")
    }

    @Test func `writing it again is a success and changes nothing`() throws {
        _ = try writer.write(effect(), into: folder)
        #expect(try writer.write(effect(), into: folder) == .alreadyThere)
        #expect(try names() == ["a.csv"])
        #expect(writer.attempt(effect(), into: folder) == .succeeded(status: nil))
    }

    @Test func `a file of that name with other bytes is never replaced`() throws {
        for other in ["1;3\n", "1;2\n3", "", "1"] {
            try put(other, "a.csv")
            let failure = #expect(throws: ActionFileFailure.self) { try writer.write(effect(), into: folder) }
            #expect(failure?.kind == .taken)
            #expect(failure?.mayRetry == false)
            #expect(failure?.fact == "it is there with \(other.utf8.count) other bytes; effect e1 has 4")
            #expect(try text("a.csv") == other)
            #expect(try names() == ["a.csv"])
        }
        #expect(writer.attempt(effect(), into: folder) == .refused("\(folder)/a.csv: it is there with 1 other bytes; effect e1 has 4"))
    }

    @Test func `a link or a folder of that name is not followed and not replaced`() throws {
        try put("1;2\n", "elsewhere")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/a.csv", withDestinationPath: "\(folder)/elsewhere")
        let link = #expect(throws: ActionFileFailure.self) { try writer.write(effect(), into: folder) }
        #expect(link?.errno == ELOOP)
        try FileManager.default.createDirectory(atPath: "\(folder)/b.csv", withIntermediateDirectories: false)
        let inFolder = #expect(throws: ActionFileFailure.self) { try writer.write(effect("e2", "b.csv"), into: folder) }
        #expect(inFolder?.kind == .taken)
        #expect(try names() == ["a.csv", "b.csv", "elsewhere"])
    }

    @Test func `an empty payload is an empty file, and large ones are written and compared whole`() throws {
        #expect(try writer.write(effect("e1", "empty", ""), into: folder) == .written)
        #expect(try writer.write(effect("e1", "empty", ""), into: folder) == .alreadyThere)
        let large = String(repeating: "0123456789", count: 30_000)
        #expect(try writer.write(effect("e2", "large", large), into: folder) == .written)
        #expect(try writer.write(effect("e2", "large", large), into: folder) == .alreadyThere)
        #expect(throws: ActionFileFailure.self) { try writer.write(effect("e3", "large", String(large.dropLast()) + "x"), into: folder) }
    }

    @Test(arguments: [nil, "", ".", "..", ".hidden", "a/b", "../a", "a\nb", "a\0b", String(repeating: "x", count: 201)])
    func `a name that is no plain file name is refused for good`(name: String?) throws {
        let failure = #expect(throws: ActionFileFailure.self) { try writer.write(effect("e1", name), into: folder) }
        #expect(failure?.kind == .badName)
        #expect(failure?.mayRetry == false)
        #expect(try names() == [])
    }

    @Test func `a missing folder is a retriable failure and is not created`() throws {
        let failure = #expect(throws: ActionFileFailure.self) { try writer.write(effect(), into: folder + "/gone") }
        #expect(failure?.errno == ENOENT)
        #expect(failure?.mayRetry == true)
        #expect(failure?.hint == "the folder is not there: is the share mounted?")
        #expect(try names() == [])
        guard case .failed(.own, nil, _) = writer.attempt(effect(), into: folder + "/gone") else {
            Issue.record("not a fault of this side")
            return
        }
    }

    @Test func `a path that is no folder is a retriable failure`() throws {
        let failure = #expect(throws: ActionFileFailure.self) { try writer.write(effect(), into: "/dev/full") }
        #expect(failure?.errno == ENOTDIR)
        #expect(failure?.mayRetry == true)
    }

    @Test func `a temporary file left by a lost process is replaced, and one linked already is a success`() throws {
        let temporary = "\(ActionFileWriter.writing)/\(ActionFileWriter.temporaryName(of: "a.csv", effectID: "e1", target: "wms"))"
        try FileManager.default.createDirectory(atPath: "\(folder)/\(ActionFileWriter.writing)", withIntermediateDirectories: true)
        try put("1;", temporary)
        #expect(try writer.write(effect(), into: folder) == .written)
        #expect(try names() == ["a.csv"])
        // Lost between link and unlink: both names are one file.
        try FileManager.default.linkItem(atPath: "\(folder)/a.csv", toPath: "\(folder)/\(temporary)")
        #expect(try writer.write(effect(), into: folder) == .alreadyThere)
        #expect(try names() == ["a.csv"])
        #expect(try text("a.csv") == "1;2\n")
    }

    @Test func `sweeping removes our temporary names and nothing else`() throws {
        let temporary = ActionFileWriter.temporaryName(of: "a.csv", effectID: "e1", target: "wms"), former = ActionFileWriter.temporaryName(of: "a.csv", effectID: "e1")
        let others = [
            ".a.csv.tmp-1234567", ".a.csv.tmp-1234567G", "a.csv.tmp-12345678", ".tmp-12345678", ".hidden", "a.csv", ".a.csv.tmp-1234567-12345678", ".tmp-\(temporary.suffix(17))",
        ]
        for name in [temporary, former] + others { try put("x", name) }
        #expect(try writer.sweep(folder, of: "wms") == [former, temporary].sorted())
        #expect(try names() == others.sorted())
        #expect(try writer.sweep(folder, of: "wms") == [])
        try FileManager.default.createDirectory(atPath: "\(folder)/\(ActionFileWriter.writing)", withIntermediateDirectories: true)
        try put("x", "\(ActionFileWriter.writing)/\(temporary)")
        #expect(try writer.sweep(folder, of: "wms") == [temporary])
    }

    @Test func `what another target writes in the same folder is left to it`() throws {
        let writing = "\(folder)/\(ActionFileWriter.writing)"
        try FileManager.default.createDirectory(atPath: writing, withIntermediateDirectories: true)
        let names = ["wms", "picking"].map { ActionFileWriter.temporaryName(of: "a.csv", effectID: "e1", target: $0) }
        #expect(Set(names).count == 2)
        for name in names { try put("1;", "\(ActionFileWriter.writing)/\(name)") }
        #expect(try writer.sweep(folder, of: "picking") == [names[1]])
        #expect(try FileManager.default.contentsOfDirectory(atPath: writing) == [names[0]])
        // It is the one that its own target writes under.
        #expect(try writer.write(effect(to: "wms"), into: folder) == .written)
        #expect(try FileManager.default.contentsOfDirectory(atPath: writing).isEmpty)
    }

    @Test func `whoever lists the folder never sees a name that goes away`() async throws {
        let (writer, folder) = (writer, folder)
        let effects = (0..<200).map { effect("e\($0)", "f\($0).csv", "payload of \($0)") }
        let writing = Task { for effect in effects { _ = try writer.write(effect, into: folder) } }
        var seen: Set<String> = []
        while seen.count { $0 != ActionFileWriter.writing } < effects.count {
            let listed = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
            #expect(seen.isSubset(of: listed))
            seen = listed
            await Task.yield()
        }
        try await writing.value
        #expect(seen == Set(effects.compactMap(\.fileName)).union([ActionFileWriter.writing]))
    }

    @Test func `many writers of one name agree on one file`() async throws {
        let (writer, folder) = (writer, folder)
        let effects = (0..<8).map { effect("e\($0 % 2)", "shared", "payload of \($0 % 2)") }
        let outcomes = await withTaskGroup(of: AttemptOutcome.self) { group in
            // The same effect is never written by two at a time (one in flight per effect); different effects may be.
            for effect in effects.prefix(2) { group.addTask { writer.attempt(effect, into: folder) } }
            return await group.reduce(into: [AttemptOutcome]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .succeeded(status: nil) } == 1)
        #expect(try ["payload of 0", "payload of 1"].contains(text("shared")))
        #expect(try names() == ["shared"])
    }
}
