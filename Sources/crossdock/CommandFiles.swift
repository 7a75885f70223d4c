import FoundationEssentials
import Glibc
import Pipeline
import Signatures

/// Files that a command's options name: relative to where the command was called, not to the site.
enum CommandFiles {
    private static let bytesMax = 1 << 20

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    /// A small text; `-` is standard input.
    static func text(_ path: String) throws -> String {
        let bytes = try FileBytes.read(path == "-" ? "/dev/stdin" : absolute(path), limit: bytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PipelineFailure(subject: path, cause: "it is not UTF-8 text", hint: "give the file as it was written")
        }
        return text
    }

    /// Puts a text in place of a file, whole.
    static func write(_ text: String, to path: String) throws {
        do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
            throw PipelineFailure(subject: path, cause: "\(error)", hint: "check the folder's owner and the disk", isRetriable: true)
        }
    }

    /// Signs with keys on this machine, or in the caller's agent.
    static func maker() -> SignatureMaker { SignatureMaker(environment: ProcessInfo.processInfo.environment) }
}
