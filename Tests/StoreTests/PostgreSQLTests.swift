import Foundation
import Store
import Testing

/// Holds the SQL to the subset that both databases share (ARCHITECTURE.md, invariant 7), on a real server of its own.
@Suite struct PostgreSQLTests {
    private static let programs = "/usr/lib/postgresql/15/bin"

    @Test func `every statement is prepared on PostgreSQL`() throws {
        guard FileManager.default.isExecutableFile(atPath: "\(Self.programs)/initdb") else {
            print("skipped: PostgreSQL 15 is not installed")
            return
        }
        let tables = Schema.migrations.joined().map { SQLDialect.postgresql.text($0) + ";\n" }.joined()
        let migration = SQLDialect.postgresql.text("CREATE TABLE migration (number {integer} PRIMARY KEY);\n")
        let prepares = Store.statements.enumerated().map { number, statement in
            "PREPARE s\(number) AS \(SQLDialect.postgresql.text(statement.sql));\n"
        }
        #expect(prepares.count > 100)
        let output = try Self.run(migration + tables + prepares.joined())
        let errors = output.split(separator: "\n").filter { $0.contains("ERROR") || $0.contains("FATAL") || $0.contains("could not") }
        #expect(errors.isEmpty, "\(errors.joined(separator: "\n"))")
        #expect(output.split(separator: "\n").count { $0 == "PREPARE" } == prepares.count)
    }

    @Test func `a statement that only SQLite takes is found`() throws {
        guard FileManager.default.isExecutableFile(atPath: "\(Self.programs)/initdb") else {
            print("skipped: PostgreSQL 15 is not installed")
            return
        }
        #expect(try Self.run("PREPARE s AS SELECT IFNULL(1, 2);\n").contains("ERROR"))
    }

    /// What `psql` says to a script, on a throw-away cluster that listens on a socket only. The server does not run as root.
    private static func run(_ script: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cdpg-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder): \(error)") }
        }
        try script.write(toFile: "\(folder)/script.sql", atomically: true, encoding: .utf8)
        let shell = """
            cd /
            if [ "$(id -u)" = 0 ]; then chown -R postgres '\(folder)'; AS='runuser -u postgres --'; else AS=''; fi
            $AS \(programs)/initdb -D '\(folder)/data' --locale=C --encoding=UTF8 --auth=trust --no-sync -U crossdock >/dev/null || exit 1
            $AS \(programs)/pg_ctl -D '\(folder)/data' -w -l '\(folder)/log' -o "-k '\(folder)' -c listen_addresses='' -c fsync=off" start >/dev/null || exit 1
            $AS \(programs)/psql -h '\(folder)' -U crossdock -d postgres -f '\(folder)/script.sql'
            $AS \(programs)/pg_ctl -D '\(folder)/data' -m immediate stop >/dev/null
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", shell]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }
}
