import Diagnostics
import Foundation
import Intake
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
        #expect(try site.site.store.siteValue("file troubles") == #"{"files":[],"folders":[],"further":[]}"#)
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
        // After a reload it is looked at once, and what was told is not told again.
        var reloaded = UnwatchedWatch(after: watch)
        try files.createDirectory(atPath: "\(site.root)/Inbox/further", withIntermediateDirectories: true)
        #expect(files.createFile(atPath: "\(site.root)/Inbox/further/1.edi", contents: Data("ISA".utf8)))
        #expect(reloaded.look(site.site, feeds, at: 180_001).map(\.path) == ["Inbox/further"])
    }

    @Test func `a reload does not tell of the same files in no feed again`() async throws {
        let site = try await DeskSite.whole()
        #expect(FileManager.default.createFile(atPath: "\(site.root)/Inbox/lost.edi", contents: Data("ISA".utf8)))
        let daemon = try site.daemon()
        try await daemon.wait(for: "INBOX-UNWATCHED")
        daemon.signal(SIGHUP)
        try await daemon.wait(for: " reloaded")
        // It was looked at by the time that the worker takes a file of the next round.
        for (number, name) in ["r1.edi", "r2.edi"].enumerated() {
            try site.drop(Array(DeskSite.order("R-\(number)", control: 870 + number).utf8), as: name, in: "x12-orders")
            try await daemon.wait(for: " reloaded", "name=\(name)")
        }
        daemon.signal(SIGTERM)
        daemon.waitUntilExit()
        #expect(daemon.said.count { $0.contains("INBOX-UNWATCHED") } == 1)
    }

    @Test func `a folder of no feed is found however many files lie beside it, and whatever its name is`() async throws {
        let site = try await DeskSite.whole(), inbox = "\(site.root)/Inbox"
        for number in 0..<2_500 { try #require(FileManager.default.createFile(atPath: "\(inbox)/\(number).edi", contents: Data())) }
        try FileManager.default.createDirectory(atPath: "\(inbox)/oders", withIntermediateDirectories: true)
        #expect(FileManager.default.createFile(atPath: "\(inbox)/oders/1.edi", contents: Data()))
        // Names that are no UTF-8.
        func path(_ parts: String...) -> [CChar] {
            let bytes = parts.map { Array($0.utf8) }.joined(separator: [UInt8(0xFF)])
            return bytes.map { CChar(bitPattern: $0) } + [0]
        }
        let bad = path("\(inbox)/bad", ""), odd = [path("\(inbox)/loose", ".edi"), path("\(inbox)/bad", "/a.edi"), path("\(inbox)/bad", "/b", "")]
        defer {
            for file in odd { unlink(file) }
            rmdir(bad)
        }
        #expect(mkdir(bad, 0o755) == 0)
        for file in odd {
            let made = open(file, O_CREAT | O_WRONLY, 0o644)
            #expect(made >= 0)
            close(made)
        }
        let unwatched = try SiteStatus(site.site).unwatched
        #expect(unwatched.map(\.path) == ["Inbox", "Inbox/bad\u{FFFD}", "Inbox/oders"] && unwatched.map(\.files) == [2_501, 2, 1] && !unwatched.contains(where: \.isMore))
        let told = try WaitingFile.unwatched(named: "a.edi", in: site.site)
        #expect(told.lines.count == 1 && told.lines.first?.hasPrefix("bad\u{FFFD}/a.edi lies there, but no live feed has that folder") == true && told.unreadable.isEmpty)
    }

    @Test func `a folder that cannot be looked into is told beside what was found elsewhere, and by status`() async throws {
        let site = try await DeskSite.whole(), inbox = "\(site.root)/Inbox", files = FileManager.default
        // In place of a drop folder, so that nobody can look into it.
        try files.removeItem(atPath: "\(inbox)/weather")
        #expect(files.createFile(atPath: "\(inbox)/weather", contents: Data()) && files.createFile(atPath: "\(inbox)/lost.edi", contents: Data()))
        let told = try WaitingFile.unwatched(named: "lost.edi", in: site.site)
        #expect(told.lines == ["lost.edi lies in the inbox itself: files belong into the folder of a feed"])
        #expect(told.unreadable.count == 1 && told.unreadable.first?.hasPrefix("weather cannot be looked into: list ") == true)
        let why = try answer(["why", "lost.edi"], at: site)
        #expect(why.status == 0 && why.text.contains("lost.edi lies in the inbox itself") && why.text.contains("\nweather cannot be looked into: "))
        #expect(try answer(["why", "nowhere.edi"], at: site).status == 1)
        // A drop folder is no file that lies in the inbox.
        #expect(try WaitingFile.unwatched(named: "x12-orders", in: site.site).lines.isEmpty)
        try files.createDirectory(atPath: "\(inbox)/closed", withIntermediateDirectories: true)
        #expect(chmod("\(inbox)/closed", 0) == 0)
        if getuid() != 0 {
            let status = try SiteStatus(site.site)
            #expect(status.text.contains("\nunwatched Inbox/closed: cannot be looked into: list ") && status.unwatched.map(\.files) == [2, 0])
            #expect(try SiteMetrics(site.site).text(.prometheus).contains("\ncrossdock_unwatched_files 2\n"))
            var watch = UnwatchedWatch()
            let feeds = try site.site.liveState().bundle.library.feeds
            #expect(watch.look(site.site, feeds, at: 0).map(\.path) == ["Inbox"])
        }
        #expect(chmod("\(inbox)/closed", 0o755) == 0)
        // The inbox as a whole.
        try files.removeItem(atPath: inbox)
        #expect(files.createFile(atPath: inbox, contents: Data()))
        let status = try SiteStatus(site.site).unwatched
        #expect(status.count == 1 && status.first?.trouble?.contains("Not a directory") == true && status.first?.told.hasPrefix("cannot be looked into: list ") == true)
        #expect(try WaitingFile.unwatched(named: "lost.edi", in: site.site).unreadable.first?.hasPrefix("Inbox cannot be looked into: list ") == true)
    }

    @Test func `troubles of more files than are remembered one by one stay those of their feed, each with its time`() async throws {
        let site = try await DeskSite.whole(), store = site.site.store
        var troubles = FileTroubles()
        let cause = PipelineFailure(subject: "archive", cause: "is full"), count = FileTroubles.filesMax + 300
        func name(_ number: Int) -> String { "f-\(number).edi" }
        let news = (0..<count).compactMap { troubles.met(cause, with: name($0), of: "orders") }
        #expect(news.count == FileTroubles.filesMax + 1 && news.first == "orders/f-0.edi" && news.last == "orders/f-\(FileTroubles.filesMax).edi and further files of orders")
        let first = try #require(troubles.of("orders", name(0))), late = try #require(troubles.of("orders", name(count - 1)))
        #expect(first.told.hasPrefix("the daemon has tried in vain since ") && late.told.hasPrefix("the daemon has tried more files of this feed in vain than it remembers one by one, since "))
        #expect(late.told.hasSuffix("; the last of them: archive: is full") && troubles.of("stock", name(0)) == nil)
        // They are tried again: none of it is news, and each has the time at which it began.
        let again = (0..<count).compactMap { troubles.met(cause, with: name($0), of: "orders") }
        #expect(again.isEmpty)
        #expect(troubles.of("orders", name(0)) == first && troubles.of("orders", name(count - 1)) == late)
        try troubles.keep(in: store)
        let kept = try FileTroubles.kept(in: store)
        #expect(kept.of("orders", name(0)) == first && kept.of("orders", name(count - 1)) == late)
        // Another cause of the further ones is told by `why`, and is no news of the journal.
        let other = troubles.met(PipelineFailure(subject: "spool", cause: "is full"), with: name(count - 1), of: "orders")
        #expect(other == nil)
        #expect(troubles.of("orders", name(count - 1))?.told.hasSuffix("; the last of them: spool: is full") == true)
        // What has come to its end makes room, and the mark goes once no file of the feed fails.
        for number in 0..<count { troubles.ended(name(number), of: "orders") }
        troubles.keepFurther { $0 == "orders" }
        #expect(troubles.of("orders", name(count - 1)) != nil)
        troubles.keepFurther { _ in false }
        #expect(troubles.of("orders", name(0)) == nil && troubles.of("orders", name(count - 1)) == nil)
        try troubles.keep(in: store)
        #expect(try store.siteValue("file troubles") == #"{"files":[],"folders":[],"further":[]}"#)
    }

    @Test func `a file that failed is forgotten once another one has its name, or none`() async throws {
        let site = try await DeskSite.whole(), folder = "\(site.root)/Inbox/x12-orders"
        let feeds = try site.site.liveState().bundle.library.feeds, feed = try #require(feeds.first { $0.feed == "x12-orders" })
        func listed() throws -> FileFlow.ReadyFile {
            let sighting = try #require(try Folder.scan(folder).first)
            return FileFlow.ReadyFile(name: sighting.name, identity: sighting.identity, firstSeenAt: SystemClock.now())
        }
        var inbox = Inbox(site.site)
        func look() {
            inbox.lookAnew(feeds)
            _ = inbox.nextGroup(of: feed) { _ in }
        }
        try site.drop(Array("nonsense".utf8), as: "a.edi", in: "x12-orders")
        inbox.pause(try listed(), of: feed, milliseconds: 600_000, isItsOwn: true)
        look()
        #expect(inbox.takeGone().isEmpty && inbox.isPaused("a.edi", of: feed))
        try FileManager.default.removeItem(atPath: "\(folder)/a.edi")
        try site.drop(Array(DeskSite.order("A-1", control: 880).utf8), as: "a.edi", in: "x12-orders")
        look()
        #expect(inbox.takeGone().map(\.name) == ["a.edi"] && inbox.takeGone().isEmpty && !inbox.isPaused("a.edi", of: feed))
        inbox.pause(try listed(), of: feed, milliseconds: 600_000, isItsOwn: true)
        try FileManager.default.removeItem(atPath: "\(folder)/a.edi")
        look()
        #expect(inbox.takeGone().map(\.feed) == ["x12-orders"] && !inbox.isPaused("a.edi", of: feed))
        // So is one of a feed that is live no more.
        try site.drop(Array("nonsense".utf8), as: "b.edi", in: "x12-orders")
        inbox.pause(try listed(), of: feed, milliseconds: 600_000, isItsOwn: true)
        inbox.lookAnew([])
        #expect(inbox.takeGone().map(\.name) == ["b.edi"])
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
