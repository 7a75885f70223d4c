import Subprocess

/// `ssh-keygen` as a subprocess: a cleared environment, a time limit, bounded output.
struct KeygenProgram: Sendable {
    struct Outcome: Sendable {
        let isSuccess: Bool
        let output: String
        /// What it said on standard error, on one line.
        let words: String
    }

    /// The folders to look in for `ssh-keygen`, absolute; never those of an inherited `PATH`, which anybody may have set.
    let searchPath: [String]
    /// Seconds that a run may take.
    let timeLimitSeconds: Int

    /// Runs it under coreutils' `timeout`, and to its end whoever loses interest: a run of Subprocess that is cancelled while it
    /// still writes its input stops the whole process.
    ///
    /// - Parameter environment: what the program gets beside `PATH` and `LC_ALL`.
    func run(_ arguments: [String], input: [UInt8], environment: [String: String] = [:]) async throws(SignatureFailure) -> Outcome {
        let run = Task { await outcome(arguments, input, environment) }
        return try await run.value.get()
    }

    /// Reads standard input from the file `$0`, and looks for the program in `$1` only.
    private static let script = "PATH=$1; shift; exec ssh-keygen \"$@\" < \"$0\""

    private func outcome(_ arguments: [String], _ input: [UInt8], _ environment: [String: String]) async -> Result<Outcome, SignatureFailure> {
        var variables: [Environment.Key: String] = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        do {
            // The input goes by a file: Subprocess stops the process where a program ends before its input is written.
            var folder = try PrivateFolder(in: "/tmp")
            let message = try folder.write(input, as: "message")
            let result = try await Subprocess.run(
                .name("timeout"),
                arguments: Arguments(
                    ["-k", "1", "\(timeLimitSeconds)", "/bin/sh", "-c", Self.script, message, searchPath.joined(separator: ":")] + arguments),
                environment: .custom(variables),
                input: .none, output: .string(limit: 64 * 1024), error: .string(limit: 64 * 1024))
            switch result.terminationStatus {
            case .exited(124), .exited(137):
                return .failure(SignatureFailure(
                    .timeLimit, "ssh-keygen", "did not end within \(timeLimitSeconds) seconds and was ended",
                    hint: "a key with a passphrase waits for it on the terminal; an agent can hold it"))
            case .exited(127): return .failure(missing)
            default: break
            }
            let words = result.standardError.split(whereSeparator: \.isNewline).joined(separator: "; ")
            return .success(Outcome(isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput, words: words))
        } catch let failure as SignatureFailure {
            return .failure(failure)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return .failure(missing)
        } catch {
            return .failure(SignatureFailure(.system, "ssh-keygen", "the program could not be run: \(error)", hint: "see what the system says"))
        }
    }

    private var missing: SignatureFailure {
        SignatureFailure(
            .programMissing, "ssh-keygen", "the program was not found in \(searchPath.joined(separator: ", "))",
            hint: "install OpenSSH's client (Debian: apt install openssh-client)")
    }
}
