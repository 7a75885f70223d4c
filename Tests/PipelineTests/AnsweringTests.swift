import Foundation
import Outbox
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct AnsweringTests {
    private static let targets = DeskSite.configuration().replacingOccurrences(of: "  erp: { folder: erp }\n", with: "  erp: { folder: erp }\n  alpenmarkt-edi: { folder: alpenmarkt }\n")

    /// A site that answers one partner; what a feed does with defects of the structure is as said.
    private func site(_ policy: String, structure: String = "keep", duplicates: String = "replace") async throws -> DeskSite {
        try await DeskSite.whole(Self.targets) { root in
            let partner = "\(root)/Mappings/partners/alpenmarkt.yaml"
            let text = try String(contentsOfFile: partner, encoding: .utf8)
            try (text + "acknowledge: \(policy)\n").write(toFile: partner, atomically: true, encoding: .utf8)
            let feed = "\(root)/Mappings/feeds/x12-orders.yaml"
            let feedText = try String(contentsOfFile: feed, encoding: .utf8)
            try feedText.replacingOccurrences(of: "structure: quarantine", with: "structure: \(structure)")
                .replacingOccurrences(of: "duplicates: replace", with: "duplicates: \(duplicates)")
                .write(toFile: feed, atomically: true, encoding: .utf8)
        }
    }

    /// The answers that are on their way, oldest first: name and EDI segments.
    private func answers(_ site: DeskSite) throws -> [(name: String, lines: [String])] {
        try site.site.store.effects(status: nil, limit: 100).filter { $0.effect.target == "alpenmarkt-edi" }.sorted { $0.position < $1.position }
            .map { ($0.effect.fileName ?? "", String(decoding: $0.effect.payload, as: UTF8.self).split(separator: "~").map(String.init)) }
    }

    @Test func `an order is answered by a 997 in commit 1, with numbers of the partner's own`() async throws {
        let site = try await site("{ target: alpenmarkt-edi }")
        for number in 1...3 { #expect(try site.take(DeskSite.order("A-\(number)", control: number), as: "\(number).edi", in: "x12-orders").status == .archived) }
        let answers = try answers(site)
        #expect(answers.map(\.name) == ["997-000000001.edi", "997-000000002.edi", "997-000000003.edi"])
        #expect(answers.map { $0.lines.first { $0.hasPrefix("AK1") } } == ["AK1*PO*1", "AK1*PO*2", "AK1*PO*3"])
        #expect(answers.allSatisfy { $0.lines.contains("AK5*A") && $0.lines.contains("AK9*A*1*1*1") })
        #expect(answers.map { $0.lines.last } == ["IEA*1*000000001", "IEA*1*000000002", "IEA*1*000000003"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `one bad set of three is rejected, and the records of the others are there`() async throws {
        let site = try await site("{ target: alpenmarkt-edi, interchange: always }")
        let file = try site.take(DeskSite.sample("bad/x12-orders/one-of-three.edi"), as: "three.edi", in: "x12-orders")
        #expect(file.status == .archived)
        #expect(try site.site.store.recordCounts().first { $0.kind == .order }?.count == 2)
        let answer = try #require(try answers(site).first)
        #expect(answer.name == "TA1-997-000000001.edi")
        #expect(answer.lines[1] == "TA1*000000046*261110*0820*A*000")
        #expect(answer.lines.filter { $0.hasPrefix("AK") }.dropFirst() == [
            "AK2*850*0001", "AK5*A", "AK2*850*0002", "AK3*BEG*1**3", "AK5*R*5", "AK2*850*0003", "AK5*A", "AK9*P*3*3*2",
        ])
        let id = try #require(try site.site.store.effects(answering: file.id).first)
        var explanation = Explanation(site: site.site)
        #expect(try explanation.explainEffect(id))
        #expect(explanation.text.contains("answers x12-orders/three.edi (file \(file.id)") && explanation.text.contains("| AK3*BEG*1**3"))
    }

    @Test func `of a file that goes to quarantine nothing is acknowledged as taken`() async throws {
        let site = try await site("{ target: alpenmarkt-edi, when: rejected }", structure: "quarantine")
        #expect(try site.take(DeskSite.order("A-1"), as: "good.edi", in: "x12-orders").status == .archived)
        #expect(try answers(site).isEmpty)
        let file = try site.take(DeskSite.sample("bad/x12-orders/one-of-three.edi"), as: "three.edi", in: "x12-orders")
        #expect(file.status == .quarantined)
        let answer = try #require(try answers(site).first)
        #expect(answer.lines.filter { $0.hasPrefix("AK5") || $0.hasPrefix("AK9") } == ["AK5*R", "AK5*R*5", "AK5*R", "AK9*R*3*3*0"])
        #expect(try site.logKinds().last == "fileAnswered")
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `an interchange that came before is rejected as a duplicate`() async throws {
        let site = try await site("{ target: alpenmarkt-edi, kind: 999 }", duplicates: "reject")
        #expect(try site.take(DeskSite.order("A-1"), as: "a.edi", in: "x12-orders").status == .archived)
        #expect(try site.take(DeskSite.order("A-2"), as: "b.edi", in: "x12-orders").status == .duplicate)
        let answers = try answers(site)
        #expect(answers.map(\.name) == ["999-000000001.edi", "TA1-000000002.edi"])
        #expect(answers.last?.lines.dropFirst() == ["TA1*000000001*261104*0815*R*025", "IEA*0*000000002"])
    }

    @Test func `a record that fails a business check is told by an 824 beside the 997`() async throws {
        let site = try await site("{ target: alpenmarkt-edi, application: rejected }")
        let file = try site.take(DeskSite.order("A-1", quantity: "-6"), as: "a.edi", in: "x12-orders")
        #expect(file.status == .archived)
        let answers = try answers(site)
        #expect(Set(answers.map(\.name)) == ["997-000000001.edi", "824-000000002.edi"])
        #expect(answers.first { $0.name.hasPrefix("997") }?.lines.contains("AK5*A") == true)
        let advice = try #require(answers.first { $0.name.hasPrefix("824") }).lines
        #expect(advice.contains { $0.hasPrefix("OTI*TE*TN*0001*") } && advice.contains { $0.hasPrefix("TED*024*") && $0.contains("*PO1*") }, "\(advice)")
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a partner without a policy is not answered`() async throws {
        let site = try await DeskSite.whole()
        #expect(try site.take(DeskSite.order("A-1"), as: "a.edi", in: "x12-orders").status == .archived)
        #expect(try answers(site).isEmpty)
    }
}}
