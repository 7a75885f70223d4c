import Testing
import Transfers

/// Listings as servers print them.
@Suite struct RemoteListingTests {
    private func read(_ lines: [String], _ form: RemoteListing.Form = .unix, entriesMax: Int = 100, end: String = "\r\n") -> RemoteListing {
        RemoteListing.read(Array((lines.joined(separator: end) + end).utf8), form, entriesMax: entriesMax)
    }

    private func told(_ listing: RemoteListing) -> [String] { listing.files.map { "\($0.name)|\($0.size)|\($0.stamp)" } }

    @Test func `a listing of OpenSSH gives its files, and no folders, links, devices and pipes`() {
        let listing = read([
            "drwxr-xr-x    3 root     root          200 Nov 30 03:21 .",
            "-rw-r--r--    1 root     root            6 Nov 30 03:21 a  b.txt",
            "-rw-r--r--    1 1000     100    4294967296 Jan  1  2020 old",
            "-rw-r--r--    ? 1000     100             7 Nov  3 03:21 ü 12:30 2026.edi",
            "lrwxrwxrwx    1 root     root            1 Nov 30 03:21 link -> x",
            "prw-r--r--    1 root     root            0 Nov 30 03:21 pipe",
            "brw-rw----    1 root     disk       8,   0 Nov 30 03:21 sda",
        ], end: "\n")
        #expect(told(listing) == ["a  b.txt|6|Nov 30 03:21", "old|4294967296|Jan 1 2020", "ü 12:30 2026.edi|7|Nov 3 03:21"])
        #expect(listing.unreadCount == 0 && !listing.isCut)
        // To the minute, and to the day.
        #expect(listing.files.allSatisfy { $0.modified == nil })
    }

    @Test func `vsftpd, ProFTPD and servers without groups or with marks of further rights are read`() {
        #expect(told(read([
            "total 12",
            "-rw-------    1 ftp      ftp            42 Nov 29 23:59 in.edi",
            "-rw-r--r--   1 (?)      domain users      512 Feb 29  2024 a.csv",
            "-rw-r--r--   1 dock           77 Oct  9 10:00 no-group.csv",
            "-rw-r--r--+  1 dock     ship          5 Oct  9 10:00  leading",
            "-rw-rw-rw-   1 user     group           9 30 Nov 2026 day-first",
            "-rw-r--r--   1 dock     ship          3 2026-11-30 03:21 iso.txt",
            "-rw-r--r--   1 dock     ship          4 2026-11-30 03:21:09.000000000 +0100 full.txt",
        ])) == [
            "in.edi|42|Nov 29 23:59", "a.csv|512|Feb 29 2024", "no-group.csv|77|Oct 9 10:00", " leading|5|Oct 9 10:00", "day-first|9|30 Nov 2026",
            "iso.txt|3|2026-11-30 03:21", "full.txt|4|2026-11-30 03:21:09.000000000 +0100",
        ])
    }

    @Test func `IIS lists in the form of Windows`() {
        #expect(told(read([
            "11-30-26  03:15AM       <DIR>          archive",
            "11-30-26  03:15AM                 1024 order 1.edi",
            "11-30-2026  11:15PM                   12  spaced.edi",
            "2026-11-30  03:15            1,048,576 big.edi",
        ])) == ["order 1.edi|1024|11-30-26 03:15AM", " spaced.edi|12|11-30-2026 11:15PM", "big.edi|1048576|2026-11-30 03:15"])
    }

    @Test func `facts of RFC 3659 are read whatever their order and letters`() {
        let listing = read([
            "type=cdir;modify=20261130032126;perm=el; /in",
            "modify=20261130032126;perm=radfwMT;size=6;type=file;unique=1bgb1; a  b.txt",
            "Type=file;Size=7;Modify=20261130032126.123;  leading",
            "type=OS.unix=slink:/x;size=1;modify=20261130032126; link",
            "type=dir;sizd=40;modify=20261130032126; sub",
            "type=file;modify=20261130032126; no size",
            "nonsense",
        ], .facts)
        #expect(told(listing) == ["a  b.txt|6|20261130032126 1bgb1", " leading|7|20261130032126.123"])
        #expect(listing.files.map(\.modified) == [1_796_008_886, 1_796_008_886])
        #expect(listing.unreadCount == 2 && listing.unread == ["type=file;modify=20261130032126; no size", "nonsense"])
    }

    @Test func `what cannot be asked for is told and not taken`() {
        var bytes = Array("-rw-r--r-- 1 a b 1 Nov 30 03:21 good\n-rw-r--r-- 1 a b 1 Nov 30 03:21 ".utf8) + [0xE9, 0x0A]
        bytes += Array("-rw-r--r-- 1 a b 1 Nov 30 03:21 a/b\n-rw-r--r-- 1 a b 1 Nov 30 03:21 tab\there\nline\n".utf8)
        bytes += Array("-rw-r--r-- 1 a b 1 Nov 30 03:21 \(String(repeating: "n", count: 256))\n-rw-r--r-- 1 a b -1 Nov 30 03:21 negative\n".utf8)
        let listing = RemoteListing.read(bytes, .unix, entriesMax: 10)
        #expect(listing.files.map(\.name) == ["good"])
        #expect(listing.unreadCount == 6 && listing.unread.count == 3)
    }

    @Test func `more files than are taken are said`() {
        let lines = (0..<5).map { "-rw-r--r-- 1 a b 1 Nov 30 03:21 f\($0)" }
        #expect(read(lines, entriesMax: 5).isCut == false)
        let cut = read(lines, entriesMax: 4)
        #expect(cut.isCut && cut.files.count == 4)
        #expect(read([]).files.isEmpty)
    }
}

@Suite struct RemoteNameTests {
    @Test func `addresses of servers are read, and what is none is refused with a reason`() {
        func told(_ text: String) -> String {
            let (address, refusal) = RemoteAddress.read(text)
            return address.map { "\($0.scheme) \($0.host) \($0.port) \($0.folder)" } ?? refusal ?? ""
        }
        #expect(told("sftp://sftp.acme.example/out") == "sftp sftp.acme.example 22 /out")
        #expect(told("FTPS://h") == "ftps h 990 /")
        #expect(told("ftpes://h:2121/a/./b/") == "ftpes h 2121 /a/b")
        #expect(told("sftp://[::1]:2222/~/in") == "sftp ::1 2222 ~/in")
        #expect(told("sftp://h/a%20b") == "sftp h 22 /a b")
        #expect(told("ftp://h/") == "ftp is none of sftp, ftps and ftpes")
        #expect(told("sftp://user:secret@h/") == "user and password stand in the address")
        #expect(told("sftp://h:70000/") == "h:70000 is no host with an optional port")
        #expect(told("sftp://a b/") == "a b is no host with an optional port")
        #expect(told("sftp://h/../etc") == "/../etc is no folder")
        #expect(told("sftp://h/a?b") == "/a?b is no path")
        #expect(told("sftp.acme.example") == "sftp.acme.example is no address: it begins with no scheme")
    }

    @Test func `paths stay below their folder`() {
        #expect(RemotePath.joined("/srv/dock", "out") == "/srv/dock/out")
        #expect(RemotePath.joined("/srv/dock", "/etc") == "/etc")
        #expect(RemotePath.joined("~", "out") == "~/out" && RemotePath.joined("/", "") == "/")
        #expect(RemotePath.joined("/a", "../b") == nil && RemotePath.joined("/a", "b\nc") == nil)
    }

    @Test func `patterns of names take any bytes for a star and one character for a question mark`() {
        #expect(NamePattern("*.edi").matches("a.b.edi") && !NamePattern("*.edi").matches("a.edi.tmp"))
        #expect(NamePattern("8?0-*").matches("850-") && NamePattern("*ü?").matches("xüy") && NamePattern("").matches(""))
        #expect(NamePattern("a*b*c").matches("axbxbc") && !NamePattern("a*b*c").matches("acb") && !NamePattern("?").matches(""))
        #expect(!NamePattern(String(repeating: "*a", count: 30) + "b").matches(String(repeating: "a", count: 2_000)))
    }

    private static let keyText = "AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65TJqeRlYoqW1fLX/9kjSZ"

    @Test func `fingerprints are read as ssh-keygen prints them, and nothing else is`() throws {
        let text = "SHA256:" + String(repeating: "A", count: 43)
        #expect(HostKey(text)?.description == text && HostKey(text + "=")?.description == text)
        #expect(HostKey("MD5:aa:bb") == nil && HostKey("SHA256:AAAA") == nil && HostKey(String(text.dropFirst(7))) == nil)
    }

    @Test func `a known_hosts file gives the keys of a host by name, port, pattern and hash, and none that is revoked`() throws {
        let key = try #require(HostKey.known("h ssh-ed25519 \(Self.keyText)\n", host: "H", port: 22).first)
        func count(_ line: String, _ host: String, _ port: Int = 22) -> Int { HostKey.known(line, host: host, port: port).count }
        #expect(count("a,h,10.0.0.1 ssh-ed25519 \(Self.keyText) comment", "10.0.0.1") == 1)
        #expect(count("[h]:2222 ssh-ed25519 \(Self.keyText)", "h", 2222) == 1 && count("h ssh-ed25519 \(Self.keyText)", "h", 2222) == 0)
        #expect(count("*.example,!bad.example ssh-ed25519 \(Self.keyText)", "good.example") == 1)
        #expect(count("*.example,!bad.example ssh-ed25519 \(Self.keyText)", "bad.example") == 0)
        #expect(count("# h ssh-ed25519 \(Self.keyText)", "h") == 0 && count("@cert-authority h ssh-ed25519 \(Self.keyText)", "h") == 0)
        #expect(count("h ssh-ed25519 \(Self.keyText)\n@revoked * ssh-ed25519 \(Self.keyText)", "h") == 0)
        #expect(key.description.hasPrefix("SHA256:") && key.description.utf8.count == 50)
    }
}
