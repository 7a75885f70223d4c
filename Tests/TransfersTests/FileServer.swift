import Foundation
import Synchronization
import Testing
import Transfers

/// A folder of its own for a server of files, with what it serves in `files`. Removed with the last reference.
final class ServedFolder: Sendable {
    let root: String
    var files: String { root + "/files" }

    init() throws {
        // The way without links: servers tell it as it is.
        let base = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
        root = "\(base)/crossdock-served-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root + "/files", withIntermediateDirectories: true)
    }

    deinit {
        // A test may have taken the right to write away.
        chmod(files, 0o755)
        do { try FileManager.default.removeItem(atPath: root) } catch { print("left behind: \(root): \(error)") }
    }

    func make(_ folder: String) throws { try FileManager.default.createDirectory(atPath: "\(files)/\(folder)", withIntermediateDirectories: true) }

    func write(_ path: String, _ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(files)/\(path)")) }
    func write(_ path: String, _ text: String) throws { try write(path, text.utf8) }

    func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(files)/\(path)"))) }

    /// Names in a folder, hidden ones too.
    func names(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: "\(files)/\(folder)").sorted() }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(files)/\(path)") }

    /// A port of loopback that nobody had a moment ago.
    static func freePort() throws -> Int {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, length) == 0 && getsockname(number, $0, &length) == 0 }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// A real `sshd` on loopback that serves files alone, for the user who runs the tests.
final class SSHServer: Sendable {
    let folder: ServedFolder
    let port: Int
    private let process: Mutex<ChildProcess?>
    private let arguments: [String]
    private let program: String

    /// Where Packaging/peers puts it where the system has none.
    private static let programs = ["/usr/sbin/sshd", ".build/peers/sshd/usr/sbin/sshd"]
    static let passphrase = "two words"

    static var user: String { NSUserName() }

    /// nil where there is no sshd, which is said.
    ///
    /// - Parameters:
    ///   - denied: requests that the server refuses, as its option -P has them: `remove,rename`.
    ///   - isReadOnly: whether it refuses all that changes something.
    static func start(denied: String = "", isReadOnly: Bool = false, keyType: String = "ed25519", folder: ServedFolder? = nil) throws -> SSHServer? {
        guard let program = programs.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            print("skipped: there is no sshd (openssh-server)")
            return nil
        }
        if getuid() == 0 { try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755]) }
        let served = try folder ?? ServedFolder()
        if folder == nil {
            for (name, phrase) in [("host", ""), ("other", ""), ("client", ""), ("sealed", passphrase)] {
                try ChildProcess.run("/usr/bin/ssh-keygen", ["-q", "-t", name == "host" ? keyType : "ed25519", "-N", phrase, "-C", name, "-f", "\(served.root)/\(name)"])
            }
            let keys = try ["client", "sealed"].map { try String(contentsOfFile: "\(served.root)/\($0).pub", encoding: .utf8) }
            try keys.joined().write(toFile: "\(served.root)/authorized", atomically: true, encoding: .utf8)
        }
        return try SSHServer(program, served, subsystem: "internal-sftp" + (denied.isEmpty ? "" : " -P \(denied)") + (isReadOnly ? " -R" : ""))
    }

    private init(_ program: String, _ folder: ServedFolder, subsystem: String) throws {
        self.folder = folder
        self.program = program
        port = try ServedFolder.freePort()
        try """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(folder.root)/host
            PidFile none
            AuthorizedKeysFile \(folder.root)/authorized
            StrictModes no
            UsePAM no
            PasswordAuthentication yes
            KbdInteractiveAuthentication no
            Subsystem sftp \(subsystem)
            ForceCommand \(subsystem)
            MaxStartups 200
            LogLevel INFO

            """.write(toFile: "\(folder.root)/sshd.conf", atomically: true, encoding: .utf8)
        arguments = ["-D", "-e", "-f", "\(folder.root)/sshd.conf"]
        process = Mutex(try ChildProcess.server(program, arguments, says: "Server listening"))
    }

    deinit { stop() }

    /// Ends it, so that nobody listens at its port. Sessions end with their clients.
    func stop() {
        process.withLock { process in
            process?.stop()
            process = nil
        }
    }

    var fingerprint: HostKey { get throws { try Self.fingerprint("\(folder.root)/host.pub") } }
    var otherFingerprint: HostKey { get throws { try Self.fingerprint("\(folder.root)/other.pub") } }

    /// What `ssh-keygen -lf` prints.
    static func fingerprint(_ path: String) throws -> HostKey {
        let text = try ChildProcess.run("/usr/bin/ssh-keygen", ["-lf", path])
        return try #require(HostKey(String(text.split(separator: " ")[1])))
    }

    func settings(
        port: Int? = nil, login: RemoteSettings.Login? = nil, hostKeys: Set<HostKey>? = nil, host: String = "127.0.0.1", allowing ranges: [String] = ["127.0.0.0/8"]
    ) throws -> RemoteSettings {
        RemoteSettings(
            address: RemoteAddress(scheme: .sftp, host: host, port: port ?? self.port, folder: folder.files), user: Self.user,
            login: login ?? .key(file: "\(folder.root)/client", passphrase: nil), hostKeys: try hostKeys ?? [fingerprint],
            addresses: AddressPolicy(allowing: ranges.compactMap { AddressRange($0) }), limits: RemoteSettings.Limits(answerMilliseconds: 10_000, transferMilliseconds: 60_000))
    }

    func client(_ settings: RemoteSettings? = nil) throws -> RemoteClient { try RemoteClient(settings ?? self.settings(), stop: RemoteStop()) }

    /// A remote of `crossdock.yaml`, called `acme`.
    func configuration(port: Int? = nil) throws -> String {
        """
          acme:
            url: sftp://127.0.0.1:\(port ?? self.port)\(folder.files)
            user: \(Self.user)
            key: { file: \(folder.root)/client }
            hostKey: \(try fingerprint)
            allowAddresses: [127.0.0.0/8]
            timeout: 10s

        """
    }
}

/// A real server of FTPS on loopback (pyftpdlib), with a certificate of its own making.
final class FTPSServer: Sendable {
    let folder: ServedFolder
    let port: Int
    let isImplicit: Bool
    private let process: Mutex<ChildProcess?>

    static let user = "dock", password = "pass word"
    var log: String { (try? String(contentsOfFile: folder.root + "/log", encoding: .utf8)) ?? "" }

    private static let script = """
        import sys, logging
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
        from pyftpdlib.servers import FTPServer
        root, port, user, password, flags = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], set(sys.argv[5:])
        logging.basicConfig(filename=root + "/log", level=logging.DEBUG)
        authorizer = DummyAuthorizer()
        authorizer.add_user(user, password, root + "/files", perm="elr" if "readonly" in flags else "elradfmwMT")
        base = FTPHandler if "plain" in flags else TLS_FTPHandler
        class Handler(base):
            if "full" in flags:
                def ftp_STOR(self, file, mode="w"):
                    self.respond("452 No room left.")
            if "implicit" in flags:
                def handle(self):
                    self.secure_connection(self.ssl_context)
                    super().handle()
        Handler.authorizer = authorizer
        Handler.auth_failed_timeout = 0
        if base is TLS_FTPHandler:
            Handler.certfile = root + "/server.pem"
            Handler.tls_control_required = Handler.tls_data_required = True
        unknown = {"nofacts": ("MLSD", "MLST"), "notimes": ("MDTM",)}
        Handler.proto_cmds = {name: value for name, value in base.proto_cmds.items() if not any(name in unknown.get(flag, ()) for flag in flags)}
        server = FTPServer(("127.0.0.1", port), Handler)
        print("listening", flush=True)
        server.serve_forever()
        """

    /// nil where pyftpdlib is not installed, which is said.
    ///
    /// - Parameters:
    ///   - flags: `implicit` (TLS from the first byte), `nofacts` (no MLSD), `notimes` (no MDTM), `readonly`, `full` (no room), `plain` (no TLS at all).
    ///   - host: the name in its certificate.
    ///   - days: for how long that is good; -1: it has expired.
    static func start(_ flags: [String] = [], host: String = "localhost", days: Int = 2) throws -> FTPSServer? {
        let python = ProcessInfo.processInfo.environment["CROSSDOCK_PYTHON"] ?? ".build/peers/bin/python"
        do { try ChildProcess.run(python.contains("/") ? python : "/usr/bin/env", (python.contains("/") ? [] : [python]) + ["-c", "import pyftpdlib.handlers, OpenSSL"]) } catch {
            print("skipped: pyftpdlib is not installed for \(python) (set CROSSDOCK_PYTHON to one that has it)")
            return nil
        }
        let folder = try ServedFolder()
        try TestCertificate.make("certificate", "key", name: host, days: days, in: folder.root)
        let parts = try ["key", "certificate"].map { try String(contentsOfFile: "\(folder.root)/\($0).pem", encoding: .utf8) }
        try parts.joined().write(toFile: "\(folder.root)/server.pem", atomically: true, encoding: .utf8)
        try script.write(toFile: "\(folder.root)/server.py", atomically: true, encoding: .utf8)
        let port = try ServedFolder.freePort()
        let arguments = ["\(folder.root)/server.py", folder.root, "\(port)", user, password] + flags
        let process = try python.contains("/")
            ? ChildProcess.server(python, arguments, says: "listening") : ChildProcess.server("/usr/bin/env", [python] + arguments, says: "listening")
        return FTPSServer(folder, port, process, isImplicit: flags.contains("implicit"))
    }

    private init(_ folder: ServedFolder, _ port: Int, _ process: ChildProcess, isImplicit: Bool) {
        self.folder = folder
        self.port = port
        self.isImplicit = isImplicit
        self.process = Mutex(process)
    }

    deinit { process.withLock { $0?.stop() } }

    func settings(host: String = "localhost", password: String = FTPSServer.password, trusts: Bool = true) -> RemoteSettings {
        RemoteSettings(
            address: RemoteAddress(scheme: isImplicit ? .ftps : .ftpes, host: host, port: port), user: Self.user, login: .password(password),
            trust: Request.Trust(authoritiesFile: trusts ? folder.root + "/certificate.pem" : nil),
            addresses: AddressPolicy(allowing: ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }),
            limits: RemoteSettings.Limits(answerMilliseconds: 10_000, transferMilliseconds: 60_000))
    }

    func client(_ settings: RemoteSettings? = nil) throws -> RemoteClient { try RemoteClient(settings ?? self.settings(), stop: RemoteStop()) }

    /// A remote of `crossdock.yaml`, called `wms-box`.
    func configuration() throws -> String {
        try Self.password.write(toFile: folder.root + "/password", atomically: true, encoding: .utf8)
        return """
              wms-box:
                url: \(isImplicit ? "ftps" : "ftpes")://localhost:\(port)
                user: \(Self.user)
                password: { file: \(folder.root)/password }
                tls: { authorities: \(folder.root)/certificate.pem }
                allowAddresses: [127.0.0.0/8, "::1"]
                timeout: 10s

            """
    }
}
