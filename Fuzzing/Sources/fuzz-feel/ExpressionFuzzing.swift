import Diagnostics
import FEEL
import Values

/// One input of libFuzzer: the first byte chooses profile and form, the rest is the text. What compiles is evaluated under a
/// small budget. A crash, a hang or a refusal without a finding is a fault.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzExpression(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let text = String(decoding: bytes[1...], as: UTF8.self)
    let profile: FEELProfile = bytes[0] & 1 == 0 ? .strict : .standard
    if bytes[0] & 2 == 0 { expression(text, profile) } else { unaryTests(text, profile) }
    return 0
}

private let layout = Layout([
    ("hours to promise", .number), ("customer tier", .string), ("fragile", .boolean), ("due", .date), ("lines", .list(.any)),
    ("order", .context(["total price": .number, "lines": .list(.context(["sku": .string, "qty": .number]))])), ("x", .any),
])

private let row: [Value] = [
    .integer(12), .string("gold"), .boolean(true), .date(CalendarDate(dayNumber: 20_000)), .list([.integer(1), .null, .string("a")]),
    .context(ContextValue([("total price", .integer(7)), ("lines", .list([]))])), .null,
]

private let context = EvaluationContext(
    now: Instant(seconds: 1_800_000_000),
    budget: EvaluationBudget(steps: 20_000, depth: 40, listLength: 2000, stringBytes: 20_000))

private func expression(_ text: String, _ profile: FEELProfile) {
    let compiled = FEEL.expression(text, layout: layout, profile: profile)
    guard let product = compiled.product else { return precondition(!compiled.diagnostics.isEmpty, "refused without a finding") }
    do throws(EvaluationFailure) {
        _ = try product.evaluate(row, context).text
    } catch {
        precondition(!error.diagnostic.fact.isEmpty)
    }
}

private func unaryTests(_ text: String, _ profile: FEELProfile) {
    let compiled = FEEL.unaryTests(text, input: .any, layout: layout, profile: profile)
    guard let product = compiled.product else { return precondition(!compiled.diagnostics.isEmpty, "refused without a finding") }
    for input in row {
        do throws(EvaluationFailure) {
            _ = try product.matches(input, row, context)
        } catch {
            precondition(!error.diagnostic.fact.isEmpty)
        }
    }
}
