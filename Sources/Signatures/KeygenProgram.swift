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

    private enum Race: Sendable {
        case ended(Result<Outcome, SignatureFailure>)
        case timeIsUp
    }

    /// - Parameter environment: what the program gets beside `PATH` and `LC_ALL`.
    func run(_ arguments: [String], input: [UInt8], environment: [String: String] = [:]) async throws(SignatureFailure) -> Outcome {
        let race = await withTaskGroup(of: Race.self) { group in
            group.addTask { .ended(await outcome(arguments, input, environment)) }
            group.addTask {
                do { try await Task.sleep(for: .seconds(timeLimitSeconds)) } catch { return .timeIsUp }
                return .timeIsUp
            }
            let first = await group.next() ?? .timeIsUp
            // Cancelling a run ends the program: SIGTERM, then SIGKILL.
            group.cancelAll()
            return first
        }
        switch race {
        case .ended(let result): return try result.get()
        case .timeIsUp:
            throw SignatureFailure(
                .timeLimit, "ssh-keygen", "did not end within \(timeLimitSeconds) seconds and was ended",
                hint: "a key with a passphrase waits for it on the terminal; an agent can hold it")
        }
    }

    private func outcome(_ arguments: [String], _ input: [UInt8], _ environment: [String: String]) async -> Result<Outcome, SignatureFailure> {
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        var variables: [Environment.Key: String] = ["PATH": searchPath.joined(separator: ":"), "LC_ALL": "C"]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        do {
            let result = try await Subprocess.run(
                .name("ssh-keygen"), arguments: Arguments(arguments),
                environment: .custom(variables), platformOptions: platform,
                input: .array(input), output: .string(limit: 64 * 1024), error: .string(limit: 64 * 1024))
            let words = result.standardError.split(whereSeparator: \.isNewline).joined(separator: "; ")
            return .success(Outcome(isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput, words: words))
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return .failure(SignatureFailure(
                .programMissing, "ssh-keygen", "the program was not found in \(searchPath.joined(separator: ", "))",
                hint: "install OpenSSH's client (Debian: apt install openssh-client)"))
        } catch {
            return .failure(SignatureFailure(.system, "ssh-keygen", "the program could not be run: \(error)", hint: "see what the system says"))
        }
    }
}
