import Attributes
import Configurations
import DecisionTables
import Diagnostics
import FEEL
import Glibc
import Microsegments
import Records
import Testing
import Values

/// Schemes read as the bundle reads them, from texts of the tests and from the files of the project.
enum Desk {
    static func root(_ text: String, _ shape: ConfigurationShape, file: String) throws -> ConfigurationNode {
        let (root, problems) = ConfigurationText.parse(text, file: file)
        try #require(problems.isEmpty, "\(problems.map(\.text))")
        let node = try #require(root)
        let defects = shape.check(node)
        try #require(defects.isEmpty, "\(defects.map(\.text))")
        return node
    }

    static func plan(_ text: String, file: String = "Schemes/attributes/test.yaml") throws -> AttributePlan {
        let (plan, diagnostics) = AttributePlanReader.read(try root(text, AttributeFile.shape, file: file))
        try #require(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(plan)
    }

    static func read(
        _ text: String, _ plans: [AttributePlan], file: String = "Schemes/test.yaml", models: [String: String] = [:]
    ) throws -> (scheme: Scheme?, diagnostics: [Diagnostic]) {
        SchemeReader.scheme(
            try root(text, SchemeFile.scheme, file: file),
            plans: Dictionary(plans.map { ($0.entity, $0) }, uniquingKeysWith: { first, _ in first }),
            models: models.mapValues { Array($0.utf8) }, fingerprint: "f")
    }

    /// A scheme of the project, with its attributes.
    static func sample(_ name: String, attributes: String) throws -> Scheme {
        let plan = try plan(text("Schemes/attributes/\(attributes).yaml"), file: "Schemes/attributes/\(attributes).yaml")
        let models = try ["Schemes/item-value.dmn": text("Schemes/item-value.dmn")]
        let (scheme, diagnostics) = try read(text("Schemes/\(name).yaml"), [plan], file: "Schemes/\(name).yaml", models: models)
        try #require(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(scheme)
    }

    /// A file of the project, found from this one.
    static func text(_ path: String) throws -> String {
        var resolved = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let here = try #require(realpath(#filePath, &resolved).map { String(cString: $0) }).split(separator: "/", omittingEmptySubsequences: false)
        let full = here.dropLast(3).joined(separator: "/") + "/" + path
        let file = try #require(fopen(full, "r"), "\(full) cannot be read")
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    static func fact(_ kind: RecordKind, row: Int64 = 1, _ fields: [String: Value]) -> Fact {
        let definition = RecordCatalogue.definition(kind)
        var values = [Value](repeating: .null, count: definition.fields.count)
        for (name, value) in fields {
            guard let slot = definition.slot(name) else { preconditionFailure("\(kind) has no field \(name)") }
            values[slot] = value
        }
        return Fact(row: row, values: values)
    }

    static func time(_ instant: Instant) -> Value { .dateTime(instant.dateTime(in: .utc)) }
    static func seconds(_ count: Int64) -> DayTimeDuration { DayTimeDuration(seconds: count) }
    static func context(_ now: Instant) -> EvaluationContext { EvaluationContext(now: now) }
}

extension Instant {
    /// An instant that the test writes itself.
    init(written text: String) {
        guard let instant = Instant(text) else { preconditionFailure("\(text) is no instant") }
        self = instant
    }

    func later(_ seconds: Int64, nanoseconds: Int32 = 0) -> Instant { adding(DayTimeDuration(seconds: seconds, nanoseconds: nanoseconds)) }
}

/// Numbers that are the same in every run (Knuth's MMIX generator).
struct Draw: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
