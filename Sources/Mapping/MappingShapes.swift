package import Configurations
import EDI
import FlatFiles
import Values

/// The shapes of the bundle's mapping files: one definition for checks, JSON Schema and documentation.
package enum MappingShapes {
    /// Kinds of file by their first key, with their shapes.
    package static let all: [(kind: String, shape: ConfigurationShape)] = [
        ("feed", feed), ("partner", partner), ("mapping", mapping), ("tests", tests), ("outbound", outbound), ("outboundSet", outboundSet), ("route", route),
        ("layout", FlatLayout.shape), ("idoc", IDocSegments.shape), ("structure", TransactionStructure.shape), ("elements", SegmentElements.shape),
        ("guide", StructureGuide.shape), ("quality", quality),
    ]

    private static let name = ConfigurationShape.checkedText("a name of letters, digits, `-`, `_` and `/`") { text in
        let isPlain = !text.isEmpty && text.utf8.count <= 100 && !text.contains("..")
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_/.".contains($0)) }
        return isPlain ? nil : "`\(text.prefix(60))` is no name: letters, digits, `-`, `_` and `/` are"
    }
    /// `/` separates client and number in entity keys.
    private static let clientName = ConfigurationShape.checkedText("a client's name, without `/`") { text in
        text.isEmpty || text.contains("/") || text.contains("\u{1F}") ? "`\(text.prefix(60))` is no client: `/` is not allowed in it" : nil
    }
    private static let oneByte = ConfigurationShape.checkedText("one ASCII character, or `tab`") { text in
        separatorByte(text) == nil ? "`\(text.prefix(20))` is not one ASCII character" : nil
    }
    private static let someBytes = ConfigurationShape.checkedText("one to eight ASCII characters, or `tab`") { text in
        separatorBytes(text) == nil ? "`\(text.prefix(20))` is not one to eight ASCII characters" : nil
    }
    private static let quote = ConfigurationShape.checkedText("one ASCII character, or `none`") { text in
        text == "none" || quoteByte(text) != nil ? nil : "`\(text.prefix(20))` is not one ASCII character"
    }
    private static let fill = ConfigurationShape.checkedText("one printable ASCII character") { text in
        text.utf8.count == 1 && (0x20..<0x7F).contains(text.utf8.first ?? 0) ? nil : "`\(text.prefix(20))` is not one printable ASCII character"
    }
    private static let separatingText = ConfigurationShape.checkedText("a text of one character or more") { text in
        text.isEmpty ? "nothing separates no parts" : nil
    }
    private static let oneCharacter = ConfigurationShape.checkedText("one character") { text in
        text.count == 1 ? nil : "`\(text.prefix(20))` is not one character"
    }
    private static func choices<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> ConfigurationShape
    where Choice.RawValue == String { .choice(type.allCases.map(\.rawValue)) }

    /// The byte of a separator as a file writes it.
    static func separatorByte(_ text: String) -> UInt8? {
        if text == "tab" || text == "\\t" { return 0x09 }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte != 0x22, byte != 0x0A, byte != 0x0D else { return nil }
        return byte
    }

    /// The bytes of a separator of more than one character.
    static func separatorBytes(_ text: String) -> [UInt8]? {
        if let byte = separatorByte(text) { return [byte] }
        let bytes = Array(text.utf8)
        return (1...8).contains(bytes.count) && bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 } ? bytes : nil
    }

    /// The byte of a quote; nil for `none`.
    static func quoteByte(_ text: String) -> UInt8? {
        guard text.utf8.count == 1, let byte = text.utf8.first, byte > 0x20, byte < 0x7F else { return nil }
        return byte
    }

    package static let feed = ConfigurationShape.record([
        ConfigurationKey("feed", name, required: true, "name of the feed"),
        ConfigurationKey("format", choices(SourceFormat.self), required: true, "how its files are written"),
        ConfigurationKey("mappings", .list(name), required: true, "mappings in the order in which they are tried"),
        ConfigurationKey("folder", name, default: "the feed's name", "drop folder under Inbox/"),
        ConfigurationKey("complete", .either([.choice(["auto"]), completion]), default: "auto", "when a file is whole"),
        ConfigurationKey("giveUp", .duration, default: "10m", "after how long an incomplete file is quarantined"),
        ConfigurationKey("subfolders", .integer(0...FeedDefinition.subfolderDepthMax), default: "0", "how deep folders below the drop folder are looked into"),
        ConfigurationKey("order", choices(FeedDefinition.Order.self), default: "name", "in which order files are taken that are whole"),
        ConfigurationKey("inSequence", .flag, default: "false", "whether a file that is not whole yet, or fails, keeps those behind it in the order waiting"),
        ConfigurationKey("duplicates", choices(FeedDefinition.Duplicates.self), default: "reject", "what a second document of one business key does"),
        ConfigurationKey("onError", onError, "what a defect of the structure and of a record does"),
        ConfigurationKey("client", clientName, "depositor of every record, unless a partner or the mapping says"),
        ConfigurationKey("partner", name, "the one partner who sends to this folder"),
        ConfigurationKey("layout", name, "format flat: the layout in Mappings/structures that its files follow"),
        ConfigurationKey("encoding", choices(DeclaredEncoding.self), default: "that of the layout, or utf-8", "format flat, idoc, json: how the bytes spell text"),
        ConfigurationKey("externalDocumentType", .choice(["refuse", "ignore"]), default: "refuse", "format xml: what a DOCTYPE that names a file, as cXML has it, does"),
        ConfigurationKey("csv", csv, "how the rows of a CSV feed are written"),
        ConfigurationKey("defects", .map(choices(DefectSetting.self)), "EDI: what a defect does, by its code (docs/diagnostics/edi.md)"),
    ])

    private static let completion = ConfigurationShape.record([
        ConfigurationKey("quiet", .duration, "when it has not grown for so long"),
        ConfigurationKey("doneFile", .text, "when a marker appears beside it; {name} stands for the file's name"),
    ])

    private static let onError = ConfigurationShape.record([
        ConfigurationKey("structure", choices(FeedDefinition.StructureDefect.self), default: "quarantine", "what a defect of the document does"),
        ConfigurationKey("record", choices(FeedDefinition.RecordDefect.self), default: "report", "what a record that fails does"),
    ])

    private static let csv = ConfigurationShape.record([
        ConfigurationKey("separator", someBytes, default: "found from the first row", "one to eight characters between cells, or tab"),
        ConfigurationKey("quote", quote, default: "\"", "the character around cells that hold a separator, or none"),
        ConfigurationKey("header", .flag, default: "true", "whether the first row names the columns"),
        ConfigurationKey("columns", .list(.text), "names of the columns where there is no header"),
        ConfigurationKey("encoding", choices(DeclaredEncoding.self), default: "utf-8, or UTF-16 where the bytes are", "how the bytes spell text"),
        ConfigurationKey("skipLines", .integer(0...10_000), default: "0", "lines before the table that are passed over"),
        ConfigurationKey("comment", someBytes, "how a line begins that is no row"),
    ])

    package static let partner = ConfigurationShape.record([
        ConfigurationKey("partner", name, required: true, "name of the partner"),
        ConfigurationKey("name", .text, "name for people"),
        ConfigurationKey("client", clientName, required: true, "depositor whose goods the partner's files are about"),
        ConfigurationKey("identifiers", .list(.record([
            ConfigurationKey("qualifier", .text, default: "any", "ISA05 or UNB 0007"),
            ConfigurationKey("id", .text, required: true, "ISA06, GS02, UNB 0004 or UNG 0040, without padding"),
        ])), required: true, "how envelopes name the partner"),
        ConfigurationKey("defects", .map(choices(DefectSetting.self)), "what a defect in the partner's files does, by its code"),
        ConfigurationKey("acknowledge", acknowledge, "how the partner's files are answered (docs/acknowledgements.md)"),
        ConfigurationKey("send", send, "how interchanges to the partner are written (docs/sending-edi.md)"),
    ])

    private static let party = ConfigurationShape.record([
        ConfigurationKey("qualifier", .text, default: "ZZ in X12, none in EDIFACT", "ISA05 or ISA07, UNB 0007"),
        ConfigurationKey("id", .text, required: true, "ISA06 or ISA08, UNB 0004 or 0010"),
        ConfigurationKey("application", .text, default: "the id", "GS02 or GS03"),
    ])

    /// Of interchanges that are written.
    private static let separators = ConfigurationShape.record([
        ConfigurationKey("element", delimiter, default: "* or +", "between elements"),
        ConfigurationKey("component", delimiter, default: ":", "between components"),
        ConfigurationKey("repetition", delimiter, default: "^, or * in EDIFACT", "between repetitions: X12 from 00402 on (ISA11), EDIFACT from syntax 4 on"),
        ConfigurationKey("release", delimiter, default: "?", "EDIFACT: before a delimiter that stands for itself"),
        ConfigurationKey("terminator", delimiter, default: "~ or '", "after each EDI segment"),
        ConfigurationKey("decimalMark", delimiter, default: ".", "EDIFACT: what UNA announces"),
        ConfigurationKey("lineBreak", choices(EDISeparators.LineBreak.self), default: "none", "after each terminator: none, lf or crlf"),
        ConfigurationKey("una", .flag, default: "where the separators need it", "EDIFACT: whether UNA is written"),
    ])
    private static let delimiter = ConfigurationShape.checkedText("one ASCII character, `tab`, `newline`, or its code such as 0x1D") { text in
        delimiterByte(text) == nil ? "`\(text.prefix(20))` is not one ASCII character, `tab`, `newline` or a code such as 0x1D" : nil
    }

    /// The byte of a delimiter of EDI as a file writes it.
    static func delimiterByte(_ text: String) -> UInt8? {
        if text == "newline" { return 0x0A }
        if text.hasPrefix("0x"), text.utf8.count == 4 { return UInt8(text.dropFirst(2), radix: 16).flatMap { $0 < 0x80 ? $0 : nil } }
        return text == "\"" ? 0x22 : separatorByte(text)
    }

    private static let send = ConfigurationShape.record([
        ConfigurationKey("as", party, required: true, "who the sender is to the partner"),
        ConfigurationKey("to", party, default: "the partner's first identifier", "what the partner is called"),
        ConfigurationKey("test", .flag, default: "false", "whether interchanges are marked as tests"),
        ConfigurationKey("batch", choices(SendingPolicy.Batching.self), default: "together", "how many transaction sets share an interchange"),
        ConfigurationKey("version", .text, default: "00401, or syntax 3", "ISA12, or the syntax version of UNB"),
        ConfigurationKey("syntax", .text, default: "UNOC", "EDIFACT: UNB 0001, which says the character set"),
        ConfigurationKey("separators", separators, default: "* : ^ ~ in X12, + : ? ' in EDIFACT", "delimiters"),
        ConfigurationKey("acknowledgedWithin", .duration, default: "no acknowledgement is waited for", "how long after delivery 997, 999 or CONTRL may take"),
        ConfigurationKey("notify", name, "target that is told of an acknowledgement that is overdue or rejects, a webhook"),
    ])

    private static let acknowledge = ConfigurationShape.record([
        ConfigurationKey("target", name, required: true, "target that gets the answer, a folder"),
        ConfigurationKey("kind", choices(AcknowledgementKind.self), default: "auto", "997, 999 or contrl; auto: by what came"),
        ConfigurationKey("interchange", choices(AcknowledgementDraft.InterchangeAnswer.self), default: "asked", "when TA1 is part of it"),
        ConfigurationKey("when", choices(AcknowledgementPolicy.Occasion.self), default: "always", "always, or only where something was rejected"),
        ConfigurationKey("application", .choice(["rejected", "never"]), default: "never", "whether records that fail a business check are told by 824 or APERAK"),
        ConfigurationKey("separators", separators, default: "* : ^ ~ in X12, + : ? ' in EDIFACT", "delimiters of the answer"),
        ConfigurationKey("file", .text, default: AcknowledgementPolicy.standardFile, "name of the file; {kind}, {number}, {partner} are filled in"),
    ])

    package static let mapping = ConfigurationShape.record([
        ConfigurationKey("mapping", name, required: true, "name of the mapping: its path under Mappings/ without .yaml"),
        ConfigurationKey("reads", reads, required: true, "which documents it reads"),
        ConfigurationKey("records", .list(record), required: true, "the records that it makes"),
    ])

    private static let reads = ConfigurationShape.record([
        ConfigurationKey("format", choices(SourceFormat.self), required: true, "x12, edifact, tradacoms, csv or xml"),
        ConfigurationKey("transactionSet", .text, "X12: ST01; EDIFACT: the message type of UNH"),
        ConfigurationKey("versions", .list(.text), default: "every version", "X12: how GS08 begins; EDIFACT: D96A or D96A/EAN008"),
        ConfigurationKey("root", .text, "XML and IDoc: name of the root element, local or with a prefix of `namespaces`; of an IDoc its type, such as ORDERS05"),
        ConfigurationKey("namespaces", .map(.text), default: "prefixes say nothing", "XML: prefixes of selectors, and the namespaces (URI) that they stand for"),
        ConfigurationKey("messages", .list(.text), default: "every message", "IDoc: message types (MESTYP) of the documents in it"),
        ConfigurationKey("layout", name, "flat: the layout whose files it reads"),
        ConfigurationKey("header", .list(.text), "CSV: columns that must be there"),
        ConfigurationKey("optional", .list(.text), "CSV: columns that may be there"),
    ])

    private static let record = ConfigurationShape.record([
        ConfigurationKey("record", .text, required: true, "kind of record, from the catalogue"),
        ConfigurationKey("each", .text, required: true, "the node that one record is made of"),
        ConfigurationKey("when", .text, "FEEL over source values: whether the record is made; `otherwise`: no record before it was made of the node"),
        ConfigurationKey("let", .map(.either([.text, rule])), "named source values for expressions"),
        ConfigurationKey("fields", .map(.either([.text, rule])), required: true, "how each field is made"),
        ConfigurationKey("checks", .list(check), "what must hold for the finished record"),
    ])

    /// What a field is made from, and what becomes of it.
    private static let rule = ConfigurationShape.record([
        ConfigurationKey("at", .text, "selector, or record.field of a parent"),
        ConfigurationKey("first", .list(.text), "selectors; the first that gives a value counts"),
        ConfigurationKey("concat", .list(.text), "selectors and 'quoted texts' to join"),
        ConfigurationKey("separator", .text, "text between the parts of concat"),
        ConfigurationKey("constant", .text, "the same value for every record"),
        ConfigurationKey("feel", .text, "FEEL over the fields before this one and source values"),
        ConfigurationKey("rowNumber", .choice(["true"]), "number of the row, or of the EDI segment in its set"),
        ConfigurationKey("counter", .choice(["true"]), "1, 2, 3 within the enclosing record"),
        ConfigurationKey("as", .choice(["text", "decimal", "integer", "date", "dateTime", "boolean"]), default: "the field's type", "type of the text"),
        ConfigurationKey("picture", .either([.text, .list(.text)]), "how a date is written: yyyyMMdd"),
        ConfigurationKey("time", .text, "selector of the time of a dateTime"),
        ConfigurationKey("timePicture", .either([.text, .list(.text)]), "how that time is written: HHmm"),
        ConfigurationKey("zone", choices(ZoneChoice.self), default: "business", "zone of local times"),
        ConfigurationKey("decimals", .integer(0...18), default: "0", "implied decimals of a number without a mark"),
        ConfigurationKey("mark", oneByte, default: ".", "decimal mark of a number"),
        ConfigurationKey("true", .either([.text, .list(.text)]), "what means yes"),
        ConfigurationKey("false", .either([.text, .list(.text)]), "what means no"),
        ConfigurationKey("trim", .flag, default: "true", "whether blanks around the text are dropped"),
        ConfigurationKey("split", separatingText, "text between parts, of which `part` says one"),
        ConfigurationKey("part", .integer(-99...99), "which part: 1 the first, -1 the last"),
        ConfigurationKey("take", .text, "characters of the text: 4-9, 4 or 4-"),
        ConfigurationKey("strip", oneCharacter, "leading characters that are dropped, such as the zeros of 000000004711"),
        ConfigurationKey("pad", oneCharacter, "what the text is filled with on the left, up to `width`"),
        ConfigurationKey("width", .integer(1...200), "characters that `pad` fills up to"),
        ConfigurationKey("case", .choice(["upper", "lower"]), "letters all large or all small"),
        ConfigurationKey("sign", .choice(["plain", "overpunch"]), default: "plain", "how a number carries its sign: before or behind it, or over its last digit"),
        ConfigurationKey("unit", .either([.text, .record([
            ConfigurationKey("at", .text, "selector of the unit's code"),
            ConfigurationKey("constant", .text, "the unit of every value"),
            ConfigurationKey("default", .text, "the unit where none is sent"),
        ])]), "unit that the number is sent in (X12 355, UN/ECE Rec 20); it is kept in the field's own"),
        ConfigurationKey("codes", .map(.text), "code list: what is sent to what it means"),
        ConfigurationKey("lookup", .either([.text, .record([
            ConfigurationKey("table", .text, required: true, "file in Mappings/lookups without .csv"),
            ConfigurationKey("key", .text, default: "the first column", "column to look in"),
            ConfigurationKey("value", .text, default: "the second column", "column to take"),
        ])]), "table to translate the value with"),
        ConfigurationKey("reference", .text, "kind of the record crossReference that says the own identifier for the partner's, such as item"),
        ConfigurationKey("currency", .record([
            ConfigurationKey("from", .text, required: true, "selector of the currency that is sent, or one in 'quotes'"),
            ConfigurationKey("to", .checkedText("an ISO 4217 code") { text in
                text.count == 3 && text.allSatisfy { $0.isASCII && $0.isUppercase } ? nil : "`\(text.prefix(20))` is no code of three capital letters"
            }, required: true, "currency that the amount is kept in"),
            ConfigurationKey("on", .text, required: true, "field of the record, mapped before, on whose day the rate holds"),
            ConfigurationKey("decimals", .integer(0...9), default: "4", "decimals of the amount that is kept, half-even"),
        ]), "converts an amount by the records exchangeRate"),
        ConfigurationKey("onMiss", choices(FieldRule.Miss.self), default: "reject", "what a value does that codes, lookup, reference, units or rates lack"),
        ConfigurationKey("default", .text, "value where nothing was sent"),
        ConfigurationKey("required", .flag, default: "as the catalogue says", "whether an empty value rejects the record"),
    ])

    private static let check = ConfigurationShape.record([
        ConfigurationKey("that", .text, required: true, "FEEL over the record's fields; anything but true fails"),
        ConfigurationKey("code", .checkedText("a code such as ORDER-QTY") { text in
            let isCode = !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "-") }
            return isCode ? nil : "`\(text.prefix(40))` is no code: capital letters, digits and `-` are"
        }, required: true, "code of the finding"),
        ConfigurationKey("severity", .choice(["error", "warning"]), default: "error", "error rejects the record, warning keeps it"),
        ConfigurationKey("hint", .text, "what to do about it"),
    ])

    package static let tests = ConfigurationShape.record([
        ConfigurationKey("tests", name, required: true, "the mapping whose tests lie in this folder"),
        ConfigurationKey("feed", name, default: "a plain feed of the mapping's format, with client TEST", "the feed through which the cases are read"),
        ConfigurationKey("zone", .text, default: "UTC", "business zone of the cases, such as Europe/Vienna"),
    ])

    package static let outbound = ConfigurationShape.record([
        ConfigurationKey("outbound", name, required: true, "name of the outbound mapping"),
        ConfigurationKey("records", .list(.text), "kinds of record that it writes"),
        ConfigurationKey("values", .map(.choice(["text", "number", "boolean", "date", "dateTime"])), "instead of records: named values with their types"),
        ConfigurationKey("writes", .record([
            ConfigurationKey("format", .choice(["csv", "fixed", "jsonl", "xml"]), required: true, "format of the file"),
            ConfigurationKey("separator", oneByte, default: ",", "csv: one character between cells, or tab"),
            ConfigurationKey("header", .flag, default: "true", "csv: whether the first row names the columns"),
            ConfigurationKey("recordLength", .integer(1...FlatLayout.recordLengthMax), default: "the last position", "fixed: characters of a record"),
            ConfigurationKey("lineEnd", .choice(["crlf", "lf", "none"]), default: "crlf", "csv, fixed: what ends a row; none: fixed alone"),
            ConfigurationKey("encoding", .choice(["utf-8", "windows-1252", "iso-8859-1", "iso-8859-15"]), default: "utf-8", "csv, fixed: how the bytes spell text"),
            ConfigurationKey("root", .text, "xml: name of the root element"),
            ConfigurationKey("record", .text, "xml: name of the element of one record"),
            ConfigurationKey("namespace", .text, "xml: namespace (URI) of all elements without a prefix"),
            ConfigurationKey("namespaces", .map(.text), "xml: prefixes of `elements`, and the namespaces (URI) that they stand for"),
        ]), required: true, "how the file is written"),
        ConfigurationKey("file", .text, required: true, "name of the file; {digest}, {effect}, {route}, {position} are filled in"),
        ConfigurationKey("per", .list(.text), default: "all rows are one file", "fields in which the rows of one file agree"),
        ConfigurationKey("inverse", name, "the mapping that reads what this writes; `map test` drives records through both"),
        ConfigurationKey("columns", .list(.record([
            ConfigurationKey("name", .text, required: true, "name of the column"),
            ConfigurationKey("from", .text, "field or value"),
            ConfigurationKey("feel", .text, "FEEL over the fields or values"),
            ConfigurationKey("constant", .text, "the same text in every row"),
            ConfigurationKey("picture", .text, "how a date or dateTime is written"),
            ConfigurationKey("decimals", .integer(0...18), "decimals of a number, half-even"),
            ConfigurationKey("mark", choices(OutboundMapping.DecimalMark.self), default: ".", "decimal mark of a number; none: its decimals are implied"),
            ConfigurationKey("at", FlatLayout.place, "fixed: positions of the cell, such as 4-13"),
            ConfigurationKey("align", choices(FixedWriter.Alignment.self), default: "left", "fixed: at which end of its place a shorter cell stands"),
            ConfigurationKey("fill", fill, default: "a blank", "fixed: the character beside a shorter cell; an empty one is blank"),
            ConfigurationKey("cut", .flag, default: "false", "fixed: whether a longer cell loses its end; else it is an error"),
            ConfigurationKey("attribute", .flag, default: "false", "xml: whether the cell is an attribute of the record"),
            ConfigurationKey("zone", choices(ZoneChoice.self), default: "business", "zone of a dateTime"),
        ])), "columns in order"),
        ConfigurationKey("elements", .list(element), "xml, instead of columns: what stands in the root element, in order"),
    ])

    private static let element: ConfigurationShape = .either([.text, .record([
        ConfigurationKey("in", .text, required: true, "name of an element that holds others"),
        ConfigurationKey("when", .text, "FEEL: whether it is written"),
        ConfigurationKey("each", .either([.choice(["row"]), .list(.text)]), "once for each row, or for the rows that agree in some fields"),
        ConfigurationKey("elements", .list(.lazy("part of a document") { element }), required: true, "what stands in it, in order"),
    ])])

    package static let outboundSet = ConfigurationShape.record([
        ConfigurationKey("outboundSet", name, required: true, "name of the outbound set"),
        ConfigurationKey("records", .list(.text), "kinds of record that it writes"),
        ConfigurationKey("values", .map(.choice(["text", "number", "boolean", "date", "dateTime"])), "instead of records: named values with their types, as decisions have them"),
        ConfigurationKey("writes", .record([
            ConfigurationKey("format", .choice(["x12", "edifact"]), required: true, "the standard"),
            ConfigurationKey("transactionSet", .text, required: true, "ST01, or the message type of UNH"),
            ConfigurationKey("version", .text, required: true, "GS08 such as 004010; EDIFACT: the directory, such as D96A"),
            ConfigurationKey("group", .text, default: "that of the transaction set", "X12: GS01"),
            ConfigurationKey("implementation", .text, "X12: ST03"),
            ConfigurationKey("agency", .text, default: "UN", "EDIFACT: controlling agency, 0051"),
            ConfigurationKey("association", .text, "EDIFACT: association code, 0057"),
        ]), required: true, "the transaction set"),
        ConfigurationKey("file", .text, required: true, "name of the file; {number}, {partner}, {effect} are filled in, of a route {digest} and {route}, of an action {action}"),
        ConfigurationKey("inverse", name, "the mapping that reads what this writes; `map test` drives records through both"),
        ConfigurationKey("per", .list(.text), default: "all rows are one set", "fields in which the rows of one set agree"),
        ConfigurationKey("segments", .list(part), required: true, "EDI segments in order"),
    ])

    private static let part: ConfigurationShape = .either([.text, .record([
        ConfigurationKey("when", .text, "FEEL: whether the segments are written"),
        ConfigurationKey("each", .either([.choice(["row"]), .list(.text)]), "once for each row, or for the rows that agree in some fields"),
        ConfigurationKey("segments", .list(.lazy("part of an outbound set") { part }), required: true, "EDI segments in order"),
    ])])

    private static let watched = [
        ConfigurationKey("record", .text, required: true, "kind of record"),
        ConfigurationKey("field", .text, required: true, "field of it"),
    ]

    package static let quality = ConfigurationShape.record([
        ConfigurationKey("quality", name, required: true, "the feed whose records it is about"),
        ConfigurationKey("owner", .text, required: true, "who answers for it"),
        ConfigurationKey("badShare", .percent, default: "no limit", "share of rows that may be reported; over it schemes that read the records are not recalibrated"),
        ConfigurationKey("last", .integer(1...10_000), default: "20", "how many of the latest files are looked at"),
        ConfigurationKey("timely", .duration, default: "age is not looked at", "how old a record may be when it comes"),
        ConfigurationKey("rules", .list(.record(watched + [
            ConfigurationKey("min", .decimal, "least value of a number"),
            ConfigurationKey("max", .decimal, "greatest value of a number"),
            ConfigurationKey("oneOf", .list(.text), "texts that it may be"),
            ConfigurationKey("refersTo", .text, "record that must be there: item, customer, supplier, carrier, order, location, lane, contract, shipment or package"),
            ConfigurationKey("severity", .choice(["error", "warning"]), default: "warning", "error rejects the record, warning keeps it"),
        ])), "what fields are to be like"),
        ConfigurationKey("outliers", .list(.record(watched + [
            ConfigurationKey("by", .text, "field in which the records agree that are compared"),
            ConfigurationKey("test", choices(OutlierTest.self), default: "modifiedZ", "modified z over 3.5, or Tukey's fences"),
        ])), "numbers whose outliers are told"),
        ConfigurationKey("buckets", .list(.record(watched + [
            ConfigurationKey("days", .choice(["all", "weekdays"]), default: "all", "days that are to have a record"),
        ])), "times in which every day has a record"),
    ])

    package static let route = ConfigurationShape.record([
        ConfigurationKey("route", name, required: true, "name of the route"),
        ConfigurationKey("from", .text, required: true, "kind of record that it takes"),
        ConfigurationKey("when", .text, "FEEL over the record's fields"),
        ConfigurationKey("outbound", name, required: true, "outbound mapping or outbound set that writes it"),
        ConfigurationKey("partner", name, "whom an outbound set goes to; the partner's file says `send`"),
        ConfigurationKey("target", name, required: true, "target that gets the file"),
    ])
}
