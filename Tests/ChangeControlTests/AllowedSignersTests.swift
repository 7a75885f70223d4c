@testable import ChangeControl
import Diagnostics
import Testing

@Suite struct AllowedSignersTests {
    private func read(_ text: String) -> (signers: AllowedSigners?, diagnostics: [Diagnostic]) {
        AllowedSigners.parse(Array(text.utf8), file: "Governance/allowed_signers")
    }

    private func only(_ text: String) -> Diagnostic? {
        let read = read(text)
        return read.signers == nil && read.diagnostics.count == 1 ? read.diagnostics[0] : nil
    }

    @Test func `the fingerprint is the one that ssh-keygen prints`() throws {
        let line = "mia@site namespaces=\"approve@crossdock\" ssh-ed25519 "
            + "AAAAC3NzaC1lZDI1NTE5AAAAIDaWnQkulk5Tbyq4x4LE77jr49uizMDMDkMBK/HWcAF8 Mia's laptop\n"
        let signer = try #require(read("# council\n\n" + line).signers?.signers.first)
        #expect(signer.fingerprint.text == "SHA256:PJr4otQNIYzrn8mMt+sZ1/HhtAlp4pniKy2k/SdHBY0")
        #expect(signer.principal.name == "mia@site")
        #expect(signer.namespaces == [.approve])
        #expect(signer.position.line == 3)
        #expect(signer.line == line.replacing(" Mia's laptop", with: ""))
    }

    @Test func `one key under two principals is refused`() throws {
        let finding = try #require(only(Site.line("mia@site", 1) + Site.line("ole@site", 1)))
        #expect(finding.code == .signersTwice)
        #expect(finding.position.line == 2)
        #expect(only("mia@site,ole@site " + Site.line("", 1).dropFirst())?.code == .signersPrincipal)
    }

    @Test func `one principal with two keys is refused, in another case too`() {
        #expect(only(Site.line("mia@site", 1) + Site.line("mia@site", 2))?.code == .signersTwice)
        #expect(only(Site.line("mia@site", 1) + Site.line("Mia@site", 2))?.code == .signersTwice)
    }

    @Test(arguments: ["*", "*@site", "mia@site,ole@site", "!mia@site", "mi?", "\"mia@site\"", "-mia", "m\u{ED}a"])
    func `a principal that is not one exact name is refused`(principal: String) {
        #expect(only(Site.line(principal, 1))?.code == .signersPrincipal)
    }

    @Test func `namespaces are mandatory, exact and used`() throws {
        let missing = try #require(only("mia@site ssh-ed25519 \(Site.key(1))\n"))
        #expect(missing.code == .signersNamespace)
        #expect(missing.position.column == 10)
        for namespaces in ["*", "approve@*", "file", "", "approve@crossdock,,genesis@crossdock", "approve@crossdock,approve@crossdock"] {
            #expect(only(Site.line("mia@site", 1, namespaces: namespaces))?.code == .signersNamespace, "\(namespaces)")
        }
        #expect(only("mia@site namespaces=\"approve@crossdock ssh-ed25519 \(Site.key(1))\n")?.code == .signersNamespace)
    }

    @Test(arguments: [
        "cert-authority namespaces=\"approve@crossdock\"", "namespaces=\"approve@crossdock\" cert-authority",
        "namespaces=\"approve@crossdock\",cert-authority", "valid-after=\"20260101\" namespaces=\"approve@crossdock\"",
        "namespaces=\"approve@crossdock\",valid-before=\"20270101\"", "CERT-AUTHORITY",
    ]) func `options other than namespaces are refused`(options: String) {
        #expect(only("mia@site \(options) ssh-ed25519 \(Site.key(1))\n")?.code == .signersOption)
    }

    @Test func `a key of another type, cut short or with bits left over is refused`() {
        let namespaces = "mia@site namespaces=\"approve@crossdock\""
        for key in [
            "ssh-dss \(Site.key(1))", "ssh-rsa \(Site.key(1))", "ssh-ed25519 \(Site.key(1).dropLast())", "ssh-ed25519", "",
            "ssh-ed25519 !!!!", "ssh-ed25519-cert-v01@openssh.com \(Site.key(1))",
        ] {
            #expect(only("\(namespaces) \(key)\n")?.code == .signersKey, "\(key)")
        }
    }

    @Test func `line ends of Windows and bytes that are no text are refused`() {
        #expect(only(Site.line("mia@site", 1).replacing("\n", with: "\r\n"))?.code == .signersLine)
        #expect(AllowedSigners.parse([0xFF, 0x0A], file: "f").diagnostics.map(\.code) == [.signersLine])
    }

    @Test func `a finding points at its column`() throws {
        let finding = try #require(only("mia@site namespaces=\"approve@crossdock,file\" ssh-ed25519 \(Site.key(1))\n"))
        #expect(finding.position.column == 40)
        #expect(finding.excerpt?.start == 39)
    }
}
