import ArgumentParser
import Attributes
import DecisionModels
import DecisionTables
import Diagnostics
import FEEL
import Microsegments
import Pipeline
import Values

enum NullOption: String, ExpressibleByArgument, CaseIterable {
    case named, always, never

    var treatment: NullTreatment {
        switch self {
        case .named: .named
        case .always: .always
        case .never: .never
        }
    }
}

/// A compiled table with the names that it can read and what is known of its inputs.
struct TableSource {
    let name: String
    let table: CompiledTable
    let layout: Layout
    var scope: AnalysisScope

    private static let fileBytesMax = 16 << 20

    /// A scheme as it lies on disk, or a table in a file; findings are printed, and errors end the command with 1.
    static func read(_ argument: String, _ site: SiteOptions, _ options: TableOptions) throws -> TableSource {
        let isFile = argument.contains("/") || TableForm(path: argument) != nil
        var source = try isFile ? file(argument, options) : scheme(site.schemeOnDisk(argument))
        source.scope.nulls = options.nulls.treatment
        for option in options.scale {
            let parts = option.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let digits = Int(parts[1]), (0...18).contains(digits) else {
                throw ValidationError("--scale is NAME=DIGITS, such as units=0; \(option) is not")
            }
            guard source.table.table.inputs.contains(where: { $0.header.text == parts[0] }) else {
                throw ValidationError("the table has no input \(parts[0]); it has \(source.table.table.inputs.map(\.header.text).joined(separator: ", "))")
            }
            source.scope.domains[String(parts[0]), default: InputDomain()].scale = digits
        }
        return source
    }

    static func scheme(_ scheme: Scheme) -> TableSource {
        TableSource(name: scheme.name, table: scheme.table, layout: scheme.plan.layout, scope: scheme.analysisScope)
    }

    private static func file(_ path: String, _ options: TableOptions) throws -> TableSource {
        guard let form = TableForm(path: path) else {
            throw ValidationError("\(path) is no table: known endings are .yaml, .yml, .dmn and .csv")
        }
        let bytes = try FileBytes.read(CommandFiles.absolute(path), limit: fileBytesMax)
        let read = TableConversion.read(bytes, as: form, file: path, decision: options.decision, places: true)
        Console.report(read.diagnostics)
        guard let document = read.product else { throw ExitCode(1) }
        let layout = Layout(document.allFields.map { ($0.name, $0.type ?? .any) })
        // Editors of models write what only the standard's own rules take, such as empty cells.
        let compiled = CompiledTable.compile(document.table, layout: layout, profile: form == .model ? .standard : .strict)
        Console.report(compiled.diagnostics)
        guard let table = compiled.product else { throw ExitCode(1) }
        return TableSource(name: document.name, table: table, layout: layout, scope: AnalysisScope())
    }

    /// A row from named values; names that are left out are null.
    func row(_ given: ContextValue) throws -> [Value] {
        if let unknown = given.names.first(where: { layout.slot(of: $0) == nil }) {
            throw ValidationError("the table reads no \(unknown); it reads \(layout.names.joined(separator: ", "))")
        }
        return try zip(layout.names, layout.types).map { name, type in
            guard let value = given[name] else { return .null }
            guard case .string(let text) = value, type != .string, type != .any else { return value }
            guard let typed = Self.value(text, type) else { throw ValidationError("\(name) is a \(type); \"\(text)\" is none") }
            return typed
        }
    }

    /// A value of a type from its plain text; "" is null. Nil where the text is none of the type.
    static func value(_ text: String, _ type: ValueType) -> Value? {
        if text.isEmpty { return .null }
        switch type {
        case .number: return ExactDecimal(text).map { .number($0) }
        case .boolean: return text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
        case .date: return CalendarDate(text).map { .date($0) }
        case .time: return TimeOfDay(text).map { .time($0) }
        case .dateTime: return DateTime(text).map { .dateTime($0) }
        case .dayTimeDuration: return DayTimeDuration(text).map { .dayTimeDuration($0) }
        case .yearMonthDuration: return YearMonthDuration(text).map { .yearMonthDuration($0) }
        case .any: return ExactDecimal(text).map { .number($0) } ?? (text == "true" || text == "false" ? .boolean(text == "true") : .string(text))
        default: return .string(text)
        }
    }
}

extension SiteOptions {
    /// A scheme as it lies on disk.
    func schemeOnDisk(_ name: String) throws -> Scheme {
        let (bundle, findings) = try StateFiles.onDisk(root: root).compile()
        guard let bundle else {
            Console.report(findings)
            throw ExitCode(1)
        }
        guard let scheme = bundle.scheme(name) else {
            throw ValidationError("there is no scheme \(name); there are \(bundle.schemes.map(\.name).joined(separator: ", "))")
        }
        return scheme
    }
}
