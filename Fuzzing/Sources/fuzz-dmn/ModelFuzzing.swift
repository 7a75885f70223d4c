import DecisionModels
import Diagnostics
import FEEL
import Values

/// One input of libFuzzer: a `.dmn` file. What can be read is compiled in both profiles, and each decision is evaluated with nothing
/// given under a small budget. A crash, a hang or a refusal without a finding is a fault.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzModel(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let reading = DecisionModel.read(Array(UnsafeBufferPointer(start: start, count: count)), file: nil)
    guard let model = reading.model else {
        precondition(!reading.diagnostics.isEmpty, "refused without a finding")
        return 0
    }
    for profile in [FEELProfile.standard, .strict] {
        let compilation = CompiledModel.compile(model, profile: profile)
        guard let compiled = compilation.product else {
            precondition(profile == .strict && !compilation.diagnostics.isEmpty, "refused without a finding")
            continue
        }
        for element in compiled.ownElements where element.kind == .decision { evaluate(element, of: compiled) }
    }
    return 0
}

private let context = EvaluationContext(
    now: Instant(seconds: 1_800_000_000),
    budget: EvaluationBudget(steps: 20_000, depth: 40, listLength: 2000, stringBytes: 20_000))

private func evaluate(_ decision: ModelElement, of model: CompiledModel) {
    do throws(EvaluationFailure) {
        _ = try model.evaluate(decision, given: [], context).value.text
    } catch {
        precondition(!error.diagnostic.fact.isEmpty)
    }
}
