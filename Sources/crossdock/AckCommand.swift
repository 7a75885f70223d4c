import ArgumentParser
import Diagnostics
import EDI
import Formats
import Pipeline
import Values

struct AckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Print the acknowledgement that an X12 or EDIFACT file would get.",
        discussion: """
            TA1, 997 or 999 for X12, CONTRL for EDIFACT: one answer for each interchange of the file, with a line for each defect that \
            is a warning or an error. Nothing is stored or sent, and no control number is used up: --control-number is what is printed.

              crossdock ack order.edi                     997, or 999 where GS08 names an implementation convention
              crossdock ack order.edi --kind 999          999 in any case
              crossdock ack order.edi --ta1 always        with TA1, whether ISA14 asks for it or not
              crossdock ack order.edi --format json       what was accepted, and each answer as a text

            An interchange of acknowledgements alone gets none. Exit status: 0 all is accepted, 1 something is rejected.
            """)

    @Option(name: .long, help: "Folder that holds crossdock.yaml.") var root = "."
    @Option(name: .long, help: "text or json.") var format = OutputFormat.text
    @Argument(help: "The file.") var file: String
    @Option(name: .long, help: "997, 999, contrl or auto.") var kind = "auto"
    @Option(name: .long, help: "When a TA1 is given: asked (ISA14, or all is rejected), always or never.") var ta1 = "asked"
    @Option(name: .long, help: "The control number of the first answer.") var controlNumber = 1
    @Option(name: .long, help: "Line breaks after each EDI segment: none, lf or crlf.") var newline = WriteCommand.LineBreak.lf

    func validate() throws {
        if AcknowledgementKind(rawValue: kind) == nil { throw ValidationError("--kind is 997, 999, contrl or auto") }
        if AcknowledgementDraft.InterchangeAnswer(rawValue: ta1) == nil { throw ValidationError("--ta1 is asked, always or never") }
        if controlNumber < 1 || controlNumber > 999_999_999 { throw ValidationError("--control-number has one to nine digits") }
    }

    func run() async throws {
        guard let (standard, _) = EDIPunctuation.found(in: try Loader.head(of: file)) else {
            throw PipelineFailure(
                subject: file, cause: "it begins with neither ISA nor UNB, so that nobody can be answered",
                hint: "`crossdock read` says what is wrong with it")
        }
        let structures = StructureFiles.inSite(root).structures
        var sink = AcknowledgementSink(DiscardingSink(), structures: structures)
        var reader = EDIReader(standard, file: file, structures: structures)
        try Loader.forEachBlock(of: file) { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        let answers = write(sink.reports)
        if format == .json {
            print(JSONText.write(.list(answers.map(\.value))))
        } else {
            for answer in answers { FileHandleText.standardOutput(answer.bytes) }
            if answers.isEmpty { Console.note("nothing is to be acknowledged: it holds acknowledgements alone") }
        }
        if answers.contains(where: { !$0.isAccepted }) { throw ExitCode(1) }
    }

    private func write(_ reports: [InterchangeReport]) -> [Answer] {
        let now = SystemClock.now().dateTime(in: .utc)
        var answers: [Answer] = [], number = controlNumber
        for report in reports {
            var punctuation = EDIPunctuation.standard(report.header.standard)
            punctuation.lineBreak = newline == .none ? [] : newline == .crlf ? [0x0D, 0x0A] : [0x0A]
            guard let draft = AcknowledgementDraft(
                report, kind: AcknowledgementKind(rawValue: kind) ?? .auto,
                interchangeAnswer: AcknowledgementDraft.InterchangeAnswer(rawValue: ta1) ?? .asked, punctuation: punctuation)
            else { continue }
            let (bytes, findings) = draft.write(
                at: now, interchangeNumber: number, groupNumbers: (0..<draft.groupCount).map { number + $0 })
            Console.report(findings.kept)
            answers.append(Answer(draft: draft, bytes: bytes))
            number += max(1, draft.groupCount)
        }
        return answers
    }
}

/// One interchange's answer.
private struct Answer {
    let draft: AcknowledgementDraft
    let bytes: [UInt8]

    var isAccepted: Bool { draft.report.isAccepted }

    var value: Value {
        let report = draft.report, summary = report.summary
        return .context(ContextValue([
            ("interchange", .string(report.header.controlNumber)), ("sender", .string(report.header.sender)),
            ("receiver", .string(report.header.receiver)), ("answer", .list(draft.kinds.map { .string($0) })),
            ("accepted", .boolean(isAccepted)), ("transactionSets", .integer(summary?.transactionSets ?? 0)),
            ("acceptedTransactionSets", .integer(summary?.acceptedTransactionSets ?? 0)),
            ("text", .string(String(decoding: bytes, as: UTF8.self))),
        ]))
    }
}

/// Forgets what it is given.
private struct DiscardingSink: SourceSink {
    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func closed(_ node: Int32, in arena: inout SourceArena) { arena.discard(from: node) }
    mutating func found(_ diagnostic: Diagnostic) {}
}
