import ArgumentParser
import Diagnostics
import EDI
import Formats
import Pipeline

struct WriteCommand: AsyncParsableCommand {
    enum LineBreak: String, ExpressibleByArgument, CaseIterable {
        case asRead = "as-read"
        case none, lf, crlf
    }

    enum Delimiters: String, ExpressibleByArgument, CaseIterable {
        case asRead = "as-read"
        case standard
    }

    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Read an X12, EDIFACT or TRADACOMS file and write it again to standard output.",
        discussion: """
            What is read is written: delimiters, line breaks and character set as the file has them unless an option says \
            otherwise, empty ends left out, ISA padded to its widths. A value that cannot be written (it holds a delimiter \
            and nothing releases it, or a character that the character set lacks) is an error; --replace puts another \
            character in its place.

              crossdock write order.edi --newline lf              one EDI segment a line, for people
              crossdock write order.edi --recount > mended.edi     counts and control numbers of the trailers made right
              crossdock write desadv.edi --syntax UNOW             declare UTF-8, and write it
            """)

    @Argument(help: "The file.") var file: String
    @Option(name: .long, help: "Line breaks after each EDI segment: as-read, none, lf or crlf.") var newline = LineBreak.asRead
    @Option(name: .long, help: "as-read; or standard: * : ^ ~ in X12, + : ? ' in EDIFACT.") var delimiters = Delimiters.asRead
    @Option(name: .long, help: "EDIFACT: the syntax identifier to declare in UNB and to write in, such as UNOC or UNOW.") var syntax: String?
    @Option(name: .long, help: "X12: the character set: utf8, ascii or windows1252.") var charset = "utf8"
    @Option(name: .long, help: "A character for each that cannot be written, instead of an error.") var replace: String?
    @Flag(name: .long, help: "Trailers get the counts and control numbers of what was read.") var recount = false

    func validate() throws {
        if WritePolicy.Charset(rawValue: charset) == nil { throw ValidationError("--charset is utf8, ascii or windows1252") }
        if let replace, replace.utf8.count != 1 { throw ValidationError("--replace takes one ASCII character") }
    }

    func run() async throws {
        guard let (standard, found) = EDIPunctuation.found(in: try Loader.head(of: file)) else {
            throw PipelineFailure(subject: file, cause: "it begins with neither ISA, UNB nor STX", hint: "only X12, EDIFACT and TRADACOMS files are written again")
        }
        var sink = RewritingSink(
            standard, punctuation: punctuation(standard, found), policy: policy(), recounts: recount, syntax: syntax)
        var reader = EDIReader(standard, file: file)
        try copy(&reader, into: &sink)
        Console.report(sink.findings.sorted.filter { $0.severity > .note })
        if Console.report(sink.writer.diagnostics.kept) || sink.findings.errors > 0 { throw ExitCode(1) }
    }

    private func copy(_ reader: inout EDIReader, into sink: inout RewritingSink) throws {
        try Loader.forEachBlock(of: file) { block in
            reader.read(block, into: &sink)
            FileHandleText.standardOutput(sink.take())
        }
        _ = reader.finish(into: &sink)
        FileHandleText.standardOutput(sink.take())
    }

    private func punctuation(_ standard: EDIStandard, _ found: EDIPunctuation) -> EDIPunctuation {
        var chosen = found
        if delimiters == .standard {
            chosen = .standard(standard)
            // What has no repetitions is not to get a separator for them, which would have to be released.
            if found.repetition == nil { chosen.repetition = nil } else if standard == .edifact { chosen.repetition = UInt8(ascii: "*") }
            chosen.lineBreak = found.lineBreak
        }
        switch newline {
        case .asRead: break
        case .none: chosen.lineBreak = []
        case .lf: chosen.lineBreak = [0x0A]
        case .crlf: chosen.lineBreak = [0x0D, 0x0A]
        }
        return chosen
    }

    private func policy() -> WritePolicy {
        var policy = WritePolicy()
        policy.charset = WritePolicy.Charset(rawValue: charset) ?? .utf8
        if let byte = replace?.utf8.first {
            policy.delimiters = .replace(byte)
            policy.characters = .replace(byte)
        }
        return policy
    }
}
