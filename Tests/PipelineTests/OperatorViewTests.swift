import Diagnostics
import Foundation
import Mapping
import Pipeline
import Records
import Store
import Testing

/// What whoever runs a site is told: by commands, and by what the daemon says.
extension EndToEnd { @Suite struct OperatorViewTests {
    /// What a command prints on standard output, and how it ends.
    private func answer(_ arguments: [String], at site: DeskSite) throws -> (status: Int32, text: String) {
        let output = Pipe()
        let status = try site.program(arguments, output: output.fileHandleForWriting).status
        try output.fileHandleForWriting.close()
        return (status, String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }

    @Test func `a name is shown as it is, or in quotes where it would break its line, turn the writing round or be taken for a quoted one`() {
        for plain in ["850-0042.edi", "two words.edi", "größe~1.edi", "back\\slash", "in \"quotes\"", ""] { #expect(LineText.name(plain) == plain && LineText.line(plain) == plain) }
        let odd = [
            ("a\nb", #""a\nb""#), ("a\r\nb", #""a\r\nb""#), ("\u{1B}[2J", #""\u001b[2J""#), ("\u{7F}\u{85}", #""\u007f\u0085""#), ("x\u{2028}y\u{202E}z", #""x\u2028y\u202ez""#),
            ("\"a\"", #""\"a\"""#), ("\t\\", #""\t\\""#),
        ]
        for (name, shown) in odd { #expect(LineText.name(name) == shown) }
        #expect(LineText.line("cannot open a\nb: no such file") == #"cannot open a\nb: no such file"#)
        let finding = Diagnostic(.duplicateBytes, .note, "known", at: SourcePosition(file: "x\nerror: y"))
        #expect(finding.text == #""x\nerror: y": note[DUPLICATE-BYTES]: known"#)
    }

    @Test func `an entity or a subject whose identifier would break its line stays on it, and is whole as it is kept`() throws {
        let key = EntityKey(.order, client: "NORDWIND", id: "1\n2\u{202E}3"), subject = PersonalSubject(client: "NORDWIND", party: "a\u{2066}b\r")
        #expect(key.told == #""order:NORDWIND/1\n2\u202e3""# && EntityKey(key.description) == key)
        #expect(subject.told == #""NORDWIND/a\u2066b\r""# && PersonalSubject(subject.description) == subject)
        #expect(DeskSite.order(key: "4500071001").told == "order:NORDWIND/4500071001")
    }

    @Test func `a number of an order that breaks its line or turns the writing round is shown with escapes by each command, and is whole in JSON`() async throws {
        let site = try await DeskSite.whole(), id = "45\n07\u{202E}8"
        try site.take(DeskSite.order("4507", control: 863), as: "turned.edi", in: "x12-orders")
        // As a JSON file would bring it.
        try site.site.store.driver.write { _ = try $0.execute(Statement("UPDATE standing SET entity = ? WHERE entity = '4507'"), [.text(id)]) }
        #expect(try answer(["scheme", "list", "order-priority"], at: site).text.contains("\n  \"NORDWIND/45\\n07\\u202e8\"\n"))
        #expect(try answer(["scheme", "list", "order-priority", "--format", "json"], at: site).text.contains("NORDWIND/45\\n07"))
        #expect(try answer(["explain", "order:NORDWIND/\(id)"], at: site).text.hasPrefix("order:NORDWIND/45\\n07\\u202e8 is in "))
        #expect(try answer(["attributes", "show", "order:NORDWIND/\(id)"], at: site).text == "no record speaks of \"order:NORDWIND/45\\n07\\u202e8\"\n")
    }

    @Test func `a name with a line break stays on its line in each listing and in the journal, and is whole in JSON`() async throws {
        let site = try await DeskSite.whole(), name = "bad\n9 x12-orders\u{1B}[2J.edi"
        #expect(FileManager.default.createFile(atPath: "\(site.root)/Inbox/x12-orders/\(name)", contents: Data("nonsense".utf8)))
        let shown = #""x12-orders/bad\n9 x12-orders\u001b[2J.edi""#
        let waiting = try answer(["why", name], at: site)
        #expect(waiting.text.hasPrefix("\(shown) is in its drop folder: ") && waiting.text.split(separator: "\n").count == 1)
        let daemon = try site.daemon()
        try await daemon.wait(for: "started", "file quarantined")
        daemon.signal(SIGTERM)
        daemon.waitUntilExit()
        #expect(daemon.said.allSatisfy { $0.contains(/^\d{4}-\d\d-\d\dT/) })
        let listed = try answer(["quarantine", "list"], at: site).text.split(separator: "\n")
        #expect(listed.count == 1 && listed.first?.contains(" \(shown) ") == true)
        let why = try answer(["why", name], at: site).text
        #expect(why.hasPrefix("\(shown) (file ") && why.contains("): quarantined, taken "))
        #expect(try answer(["quarantine", "list", "--format", "json"], at: site).text.contains(#""name":"bad\n9 x12-orders\u001b[2J.edi""#))
        #expect(try site.site.store.files(named: name).map(\.name) == [name])
    }

    @Test func `what keeps the daemon from filing a file is told by why, until it is filed`() async throws {
        let site = try await DeskSite.whole(), archive = "\(site.root)/Archive"
        try site.drop(Array(DeskSite.order("Y-1", control: 861).utf8), as: "y1.edi", in: "x12-orders")
        // As where the daemon may not write, which holds for root too.
        try FileManager.default.removeItem(atPath: archive)
        #expect(FileManager.default.createFile(atPath: archive, contents: Data()))
        try await site.runOnce()
        let stuck = try #require(try site.site.store.files(named: "y1.edi").first)
        #expect(stuck.status == .done && stuck.archivedAs == nil)
        let told = try #require(try stuck.trouble(in: site.site.store))
        #expect(told.hasPrefix("the daemon has tried in vain since ") && told.contains("/Archive/"))
        #expect(try WaitingFile.all(named: "y1.edi", in: site.site).map { $0.reason.hasSuffix("; \(told); but no daemon works") } == [true])
        let why = try answer(["why", "y1.edi"], at: site)
        #expect(why.status == 0 && why.text.contains("): done, taken ") && why.text.contains("\n  \(told)\n"))
        try FileManager.default.removeItem(atPath: archive)
        try await site.runOnce()
        #expect(try site.site.store.files(named: "y1.edi").first?.status == .archived)
        #expect(try site.site.store.siteValue("file troubles") == #"{"files":[],"folders":[]}"#)
        #expect(try !answer(["why", "y1.edi"], at: site).text.contains("in vain"))
    }

    @Test func `the hint of a trouble is told apart, and not in its cause too`() async throws {
        let site = try await DeskSite.whole(), archive = "\(site.root)/Archive"
        try site.drop(Array(DeskSite.order("Y-2", control: 862).utf8), as: "y2.edi", in: "x12-orders")
        try FileManager.default.removeItem(atPath: archive)
        // A link to what is not mounted: nothing can be made in it, by root neither.
        try FileManager.default.createSymbolicLink(atPath: archive, withDestinationPath: "\(site.root)/not-mounted")
        let events = try await site.runOnce() + site.runOnce()
        let hints = events.compactMap { if case .trouble(_, let cause, let hint?) = $0 { (cause: cause, hint: hint) } else { nil } }
        #expect(hints.contains { $0.hint == "somebody moved or removed it" && $0.cause.contains("/Archive/") }, "\(events.compactMap(\.trouble))")
        #expect(hints.allSatisfy { !$0.cause.contains($0.hint) }, "\(hints)")
        #expect("\(PipelineFailure(subject: "a", cause: "b", hint: "c"))" == "a: b\n  hint: c" && PipelineFailure(subject: "a", cause: "b", hint: "c").fact == "a: b")
    }

    @Test func `files that no feed looks at are counted by status, and told once by the daemon`() async throws {
        let site = try await DeskSite.whole(), files = FileManager.default
        #expect(try SiteStatus(site.site).unwatched.isEmpty)
        #expect(files.createFile(atPath: "\(site.root)/Inbox/README.md", contents: Data()))
        #expect(files.createFile(atPath: "\(site.root)/Inbox/lost.edi", contents: Data("ISA".utf8)))
        for folder in ["oders", "empty", ".hidden"] { try files.createDirectory(atPath: "\(site.root)/Inbox/\(folder)", withIntermediateDirectories: true) }
        for name in ["1.edi", "2.edi", "3.edi.part"] { #expect(files.createFile(atPath: "\(site.root)/Inbox/oders/\(name)", contents: Data("ISA".utf8))) }
        #expect(files.createFile(atPath: "\(site.root)/Inbox/.hidden/1.edi", contents: Data("ISA".utf8)))
        let status = try SiteStatus(site.site)
        #expect(status.unwatched.map(\.path) == ["Inbox", "Inbox/oders"] && status.unwatched.map(\.files) == [1, 2])
        #expect(status.text.contains("\nunwatched Inbox: 1 file there, which nobody takes: files belong into the folder of a feed\n"))
        #expect(status.text.contains("\nunwatched Inbox/oders: 2 files there, which nobody takes: no live feed has that folder\n"))
        #expect(try SiteMetrics(site.site).text(.prometheus).contains("\ncrossdock_unwatched_files 3\n"))
        let told = try await site.runOnce().compactMap { if case .unwatched(let folder) = $0 { folder.path } else { nil } }
        #expect(told == ["Inbox", "Inbox/oders"])
        // Each folder is told once for as long as something lies there, and it is not looked at each wake.
        var watch = UnwatchedWatch()
        let feeds = try site.site.liveState().bundle.library.feeds
        #expect(watch.look(site.site, feeds, at: 0).count == 2 && watch.look(site.site, feeds, at: 60_000).isEmpty)
        try files.removeItem(atPath: "\(site.root)/Inbox/lost.edi")
        #expect(watch.look(site.site, feeds, at: 120_000).isEmpty)
        #expect(files.createFile(atPath: "\(site.root)/Inbox/again.edi", contents: Data("ISA".utf8)))
        #expect(watch.look(site.site, feeds, at: 120_001).isEmpty)
        #expect(watch.look(site.site, feeds, at: 180_000).map(\.path) == ["Inbox"])
    }

    @Test func `a site that has had no genesis does not start, and check says so before`() async throws {
        let site = try DeskSite(.whole, configuration: DeskSite.configuration()) { root in
            try (DeskSite.secret + "\n").write(toFile: "\(root)/webhook.secret", atomically: true, encoding: .utf8)
        }
        let before = try answer(["check", "--here", "--format", "json"], at: site)
        #expect(before.status == 1 && before.text.contains(#""startsHere":false"#))
        #expect(try site.program(["run", "--once"]).status != 0)
        try await site.begin()
        // Its mappings have no tests here, which is another matter.
        #expect(try answer(["check", "--here", "--format", "json"], at: site).text.contains(#""startsHere":true"#))
    }
}}
