import DecisionTables
import FEEL
import Foundation
import Values

/// `rules-bench speed FOLDER [ROWS]` measures tables over resident columns and leaves the rows and the same tables in SQL in the folder;
/// `rules-bench fuzz FOLDER [ROWS] [SEED]` leaves random tables, rows and answers there. `Benchmarks/rules` asks DuckDB the same.
@main
struct RulesBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, ["speed", "fuzz"].contains(arguments[1]) else {
            print("usage: rules-bench speed FOLDER [ROWS] | rules-bench fuzz FOLDER [ROWS] [SEED]")
            exit(2)
        }
        let folder = URL(filePath: arguments[2], directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rows = arguments.count > 3 ? Int(arguments[3]) : nil
        if arguments[1] == "speed" {
            try SpeedRun(folder: folder, rows: rows ?? 1_000_000).run()
        } else {
            try FuzzRun(folder: folder, rows: rows ?? 100_000, seed: arguments.count > 4 ? UInt64(arguments[4]) ?? 1 : 1).run()
        }
    }
}
