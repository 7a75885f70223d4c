import Foundation

/// Certificates that sign themselves, made by openssl.
enum TestCertificate {
    static let openssl = "/usr/bin/openssl"

    /// - Parameters:
    ///   - file: its name without `.pem`; `key` that of its key.
    ///   - name: the host.
    ///   - days: for how long it is good; -1: it has expired.
    static func make(_ file: String, _ key: String, name: String, days: Int, in folder: String) throws {
        let request = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=\(name)", "-keyout", "\(folder)/\(key).pem", "-out", "\(folder)/\(file).csr"]
        try "subjectAltName=DNS:\(name)\n".write(toFile: folder + "/names", atomically: true, encoding: .utf8)
        let signing = [
            "x509", "-req", "-in", "\(folder)/\(file).csr", "-signkey", "\(folder)/\(key).pem", "-days", "\(days)", "-extfile", folder + "/names",
            "-out", "\(folder)/\(file).pem",
        ]
        for arguments in [request, signing] { try ChildProcess.run(openssl, arguments) }
    }
}
