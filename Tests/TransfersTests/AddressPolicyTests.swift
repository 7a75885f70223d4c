import Testing
import Transfers

@Suite struct `Address policy` {
    func verdict(_ text: String, allowing: [String] = []) -> AddressPolicy.Verdict? {
        NetworkAddress(text).map { AddressPolicy(allowing: allowing.compactMap { AddressRange($0) }).verdict(on: $0) }
    }

    @Test(arguments: [
        "93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "172.32.0.1", "100.128.0.1", "64:ff9b::808:808", "::ffff:0:8.8.8.8",
        "168.63.129.17", "2002:808:808::1",
    ])
    func `public addresses are admitted`(text: String) {
        #expect(verdict(text) == .admitted)
    }

    @Test(arguments: [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "::1",
        "fd12:3456::1", "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1", "2001:db8::1", "240.0.0.1",
        "::ffff:0:10.0.0.1", "::ffff:0:127.0.0.1", "fd20:ce::253",
    ])
    func `private and special addresses are refused unless allowed`(text: String) {
        guard case .notAllowed = verdict(text) else {
            Issue.record("\(text) is \(String(describing: verdict(text)))")
            return
        }
        #expect(verdict(text, allowing: ["0.0.0.0/0", "::/0"]) == .admitted)
    }

    @Test(arguments: [
        "169.254.169.254", "169.254.0.1", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
        "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255",
        "168.63.129.16", "fd20:ce::254", "::ffff:0:169.254.169.254", "64:ff9b::a83f:8110", "2002:a83f:8110::1", "::ffff:0:168.63.129.16",
    ])
    func `metadata, link-local and multicast are refused whatever is allowed`(text: String) {
        guard case .neverAdmitted = verdict(text, allowing: ["0.0.0.0/0", "::/0"]) else {
            Issue.record("\(text) is \(String(describing: verdict(text, allowing: ["0.0.0.0/0", "::/0"])))")
            return
        }
    }

    @Test func `an allowed range opens itself and nothing beside it`() {
        #expect(verdict("10.1.2.3", allowing: ["10.1.0.0/16"]) == .admitted)
        #expect(verdict("10.2.2.3", allowing: ["10.1.0.0/16"]) == .notAllowed(reason: "private"))
        #expect(verdict("::ffff:10.1.2.3", allowing: ["10.1.0.0/16"]) == .admitted)
        #expect(verdict("192.168.7.9", allowing: ["192.168.7.9"]) == .admitted)
        #expect(verdict("192.168.7.8", allowing: ["192.168.7.9"]) == .notAllowed(reason: "private"))
        #expect(verdict("fd00:1::5", allowing: ["fd00:1::/32"]) == .admitted)
    }

    @Test func `ranges are read strictly`() {
        for text in ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "010.0.0.0/8", "fe80::/129", "", "x/8", "10.0.0.0/8/8"] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
        #expect(AddressRange("10.0.0.0/8")?.description == "10.0.0.0/8")
        #expect(NetworkAddress("::ffff:1.2.3.4")?.description == "1.2.3.4")
        #expect(NetworkAddress("2001:DB8::1")?.description == "2001:db8::1")
    }
}
