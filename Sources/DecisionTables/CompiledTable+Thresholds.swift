import FEEL
package import Values

extension CompiledTable {
    /// The numbers that an input column is compared with, ascending, each once: where the answer can change as the input moves.
    /// - Parameter input: index of the input column, from 0.
    package func thresholds(ofInput input: Int) -> [ExactDecimal] {
        var found: Set<ExactDecimal> = []
        for rule in rules {
            for cell in rule.tests where cell.input == input { found.formUnion(cell.test.thresholds) }
        }
        return found.sorted()
    }

    /// The texts and flags that an input column is compared with, in the order of the rules, each once.
    /// - Parameter input: index of the input column, from 0.
    package func constants(ofInput input: Int) -> [Value] {
        var found: [Value] = []
        for rule in rules {
            for cell in rule.tests where cell.input == input {
                for case .value(let value) in cell.test.constraint?.terms ?? [] where !found.contains(value) {
                    switch value {
                    case .string, .boolean: found.append(value)
                    default: continue
                    }
                }
            }
        }
        return found
    }

    /// The slot that an input column reads, where its header is just the name of a field.
    package func slot(ofInput input: Int) -> Int? { inputs[input].plainSlot }

    /// The thresholds of the inputs that are plain fields, by slot and then by size, each pair once. An input that is an
    /// expression over several fields adds none.
    package var slotThresholds: [(slot: Int, threshold: ExactDecimal)] {
        var found: [Int: Set<ExactDecimal>] = [:]
        for index in inputs.indices {
            guard let slot = slot(ofInput: index) else { continue }
            found[slot, default: []].formUnion(thresholds(ofInput: index))
        }
        return found.sorted { $0.key < $1.key }.flatMap { slot, thresholds in
            thresholds.sorted().map { (slot: slot, threshold: $0) }
        }
    }
}
