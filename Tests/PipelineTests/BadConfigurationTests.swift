import ChangeControl
import Diagnostics
import Foundation
import Pipeline
import Store
import Testing
import Values

extension EndToEnd { @Suite struct BadConfigurationTests {
    /// Expects one error at a place in a file, that a proposal refuses it with the same words, and that what is live stays.
    private func expectFinding(
        _ path: String, at mark: String, code: DiagnosticCode? = nil, says fact: String, edit: (DeskSite) throws -> Void
    ) async throws {
        let site = try await DeskSite.whole()
        let live = try site.site.liveState().id
        let head = try site.site.store.lastLogEntry()?.position
        try edit(site)
        let (bundle, diagnostics) = try StateFiles.onDisk(root: site.root).compile()
        #expect(bundle == nil)
        let finding = try #require(diagnostics.first { $0.severity == .error })
        #expect(finding.text.contains(fact), "\(finding.text)")
        #expect(finding.position.file == path)
        let lines = try site.read(path).split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(finding.position.line), column = try #require(finding.position.column)
        #expect(lines[line - 1].dropFirst(column - 1).hasPrefix(mark), "\(finding.text)")
        do {
            _ = try site.desk.propose(author: DeskSite.mia, title: "Bad", reason: "Tried", at: SystemClock.now())
            Issue.record("it was proposed")
        } catch let failure as PipelineFailure {
            #expect(failure.diagnostics.map(\.text).contains(finding.text))
        }
        #expect(try site.site.liveState().id == live)
        #expect(try site.site.store.lastLogEntry()?.position == head)
        #expect(try site.take(DeskSite.order("C-1"), as: "c.edi", in: "x12-orders").status == .archived)
    }

    @Test func `an access file whose target has a slip in its name is warned of, and one that tells too much is refused`() async throws {
        let site = try await DeskSite.whole()
        try site.write("Schemes/carrier-access.yaml", "access: carier-api\nallow: [entity]\n")
        let slip = try StateFiles.onDisk(root: site.root).compile()
        #expect(slip.bundle != nil && slip.diagnostics.map(\.text).contains {
            $0.hasPrefix("Schemes/carrier-access.yaml:1:9: warning[ACTION-ACCESS]: no action writes to carier-api") && $0.contains("did you mean carrier-api?")
        })
        try site.edit("Schemes/carrier-access.yaml", "carier-api", "carrier-api")
        let told = try StateFiles.onDisk(root: site.root).compile()
        #expect(told.bundle == nil && told.diagnostics.contains { $0.fact == "carrier-api may not be told client" })
    }

    @Test func `a mapping with an unknown key is refused where it stands`() async throws {
        try await expectFinding("Mappings/x12/850-orders.yaml", at: "lokup", says: "lokup") { site in
            try site.edit("Mappings/x12/850-orders.yaml", "lookup: buyers", "lokup: buyers")
        }
    }

    @Test func `a scheme with a type error is refused where it stands`() async throws {
        try await expectFinding("Schemes/order-priority.yaml", at: "\"soon\"", says: "hours to promise") { site in
            try site.edit("Schemes/order-priority.yaml", "| < 48  ", "| \"soon\"")
        }
    }

    @Test func `an override of a micro-segment that nobody has is refused where it stands`() async throws {
        try await expectFinding("Overrides/OV-0001.yaml", at: "rushed", says: "rushed") { site in
            try site.writeOverride(
                "OV-0001", scheme: "order-priority", entity: "X-1", microsegment: "rushed", expires: Instant(seconds: 2_000_000_000))
        }
    }

    @Test func `a file that nothing reads is warned of`() async throws {
        let site = try await DeskSite.whole()
        let model = try site.read("Schemes/item-value.dmn")
        try Data(model.utf8).write(to: URL(fileURLWithPath: site.root).appendingPathComponent("Schemes/item-worth.dmn"))
        try Data("scheme: late\n".utf8).write(to: URL(fileURLWithPath: site.root).appendingPathComponent("Schemes/late.yml"))
        let (bundle, diagnostics) = try StateFiles.onDisk(root: site.root).compile()
        #expect(bundle != nil)
        let unused = diagnostics.filter { $0.code == .bundleUnused }
        #expect(unused.compactMap(\.position.file) == ["Schemes/item-worth.dmn", "Schemes/late.yml"])
        #expect(unused.allSatisfy { $0.severity == .warning })
    }

    @Test func `a target that the site does not have is refused`() async throws {
        let site = try await DeskSite.whole()
        try site.edit("Schemes/actions/pick-priority.yaml", "target: wms", "target: wmss")
        do {
            _ = try site.desk.propose(author: DeskSite.mia, title: "Bad", reason: "Tried", at: SystemClock.now())
            Issue.record("it was proposed")
        } catch let failure as PipelineFailure {
            #expect(failure.diagnostics.contains { $0.code == .siteTarget })
        }
    }
}}
