import ArgumentParser
import ChangeControl
import Pipeline
import Records
import Values

struct PrivacyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "privacy", abstract: "Say what is held of a person or party, and shred it.",
        discussion: "Names, streets and postal codes, and the fields that Schemes/retention.yaml declares, are sealed under a key of their subject. Shredding destroys the key.",
        subcommands: [Show.self, Due.self, Shred.self, Admit.self])

    static func subject(_ text: String) throws -> PersonalSubject {
        guard let subject = PersonalSubject(text) else { throw ValidationError("\(text) is no subject; write CLIENT/PARTY as records have them") }
        return subject
    }

    /// Who does it, and who agrees.
    struct Persons: ParsableArguments {
        @Option(name: .long, help: "Who does it: an operator of the live governance.") var by: String
        @Option(name: .long, help: "Who agrees: an approver of the live governance, another person.") var with: String
        @Option(name: .long, help: "Why, without naming the subject: the log keeps it.") var reason: String

        func persons() throws -> PrivacyDesk.Persons {
            guard let by = Principal(by) else { throw ValidationError("\(self.by) is no name of a person; write it as governance does") }
            guard let with = Principal(with) else { throw ValidationError("\(self.with) is no name of a person; write it as governance does") }
            return PrivacyDesk.Persons(by: by, with: with)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what is held of a subject: records, effects, originals, holds, and its key.",
            discussion: "Where a record names no party, the subject is the record's own number, such as NORDWIND/instruction:4711.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The subject, as CLIENT/PARTY.") var subject: String

        func run() async throws {
            let holdings = try PrivacyDesk(site: site.site()).holdings(of: PrivacyCommand.subject(subject))
            guard !holdings.isNothing else { throw PipelineFailure(subject: subject, cause: "nothing is held of it", hint: "write CLIENT/PARTY as records have them") }
            Console.answer(site.format, text: holdings.text, json: holdings.value)
        }
    }

    struct Due: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List subjects that have been without activity for longer than the retention keeps personal fields.",
            discussion: "`personal: { keep: 1095d }` of Schemes/retention.yaml says how long. Nothing is shredded by itself.")

        @OptionGroup var site: SiteOptions

        func run() async throws {
            let due = try PrivacyDesk(site: site.site()).due(at: SystemClock.now())
            Console.answer(
                site.format,
                text: due.isEmpty ? "nobody is due" : due.map { "\($0.subject.told) last active \($0.lastActivity)\($0.isHeld ? ", held" : "")" }.joined(separator: "\n"),
                json: .list(due.map {
                    .context(ContextValue([("subject", .string($0.subject.description)), ("lastActivity", .string($0.lastActivity.description)), ("held", .boolean($0.isHeld))]))
                }))
        }
    }

    struct Shred: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Destroy the key of a subject, so that nothing personal of it can be read any more. It cannot be undone.",
            discussion: """
                Digests still verify, history and decisions stay, and `explain` says at which log position it was shredded. Personal values that come later are not \
                kept until `crossdock privacy admit`. It is refused while the client is held, and while an effect about the subject is not delivered.
                Files that brought its records are listed, as they hold records of others too; with --originals they are overwritten and removed.
                """)

        @OptionGroup var site: SiteOptions
        @Argument(help: "The subject, as CLIENT/PARTY.") var subject: String
        @OptionGroup var persons: Persons
        @Flag(name: .long, help: "Remove the originals that hold its bytes, with their copies in the spool.") var originals = false

        func run() async throws {
            let subject = try PrivacyCommand.subject(subject)
            let done = try PrivacyDesk(site: site.site()).shred(
                subject, by: persons.persons(), reason: persons.reason, originals: originals, at: SystemClock.now())
            for path in done.handedOver { Console.note("warning: \(path) was handed over and still lies there: it is its receiver's to remove") }
            for original in done.originalsLeft where !original.paths.isEmpty {
                Console.note("warning: \(original.paths.joined(separator: ", ")) still holds its bytes; --originals removes it")
            }
            if !done.isCut { Console.note("warning: the store was read for so long that its write-ahead log still holds what was replaced: call it again") }
            let text = done.isNew
                ? "\(subject.told) is shredded at log position \(done.position): \(done.values) values, \(done.originals.count) originals" : "\(subject.told) was shredded at log position \(done.position); nothing was left to do"
            Console.answer(
                site.format, text: text,
                json: .context(ContextValue([
                    ("subject", .string(subject.description)), ("position", .integer(done.position)), ("new", .boolean(done.isNew)), ("values", .integer(done.values)),
                    ("originals", .list(done.originals.map { .integer(Int($0.file)) })),
                    ("originalsLeft", .list(done.originalsLeft.filter { !$0.paths.isEmpty }.map { .integer(Int($0.file)) })),
                    ("handedOver", .list(done.handedOver.map { .string($0) })), ("complete", .boolean(done.isCut)),
                ])))
            if !done.isCut { throw ExitCode(1) }
        }
    }

    struct Admit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a subject that was shredded be known again: what comes of it from now on is kept, under a new key.",
            discussion: "What was shredded stays so.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The subject, as CLIENT/PARTY.") var subject: String
        @OptionGroup var persons: Persons

        func run() async throws {
            let subject = try PrivacyCommand.subject(subject)
            let position = try PrivacyDesk(site: site.site()).admit(subject, by: persons.persons(), reason: persons.reason, at: SystemClock.now())
            Console.answer(
                site.format, text: "\(subject.told) may have a new key, by log position \(position)",
                json: .context(ContextValue([("subject", .string(subject.description)), ("position", .integer(position))])))
        }
    }
}
