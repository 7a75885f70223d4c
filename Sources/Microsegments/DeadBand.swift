import Attributes
import DecisionTables
import FEEL
package import Values

/// How far past a threshold a number must be before an entity leaves its micro-segment for it.
package struct DeadBand: Hashable, Sendable {
    package enum Width: Hashable, Sendable {
        /// In the unit of the attribute.
        case absolute(ExactDecimal)
        /// Part of the attribute's own amount: 0.1 is a tenth.
        case share(ExactDecimal)
    }

    /// The attribute, a number.
    package let slot: Int
    package let width: Width

    package init(slot: Int, width: Width) {
        self.slot = slot
        self.width = width
    }

    /// Most attributes of a scheme with a dead band: all combinations of their ends are tried.
    package static let countMax = 4

    /// The least and the greatest number that are within the band of a number; nil past the range of numbers.
    func ends(of number: ExactDecimal) -> [ExactDecimal]? {
        do throws(ArithmeticFailure) {
            let half: ExactDecimal =
                switch width {
                case .absolute(let amount): amount
                case .share(let share): try number.magnitude.multiplying(by: share)
                }
            return try [number.subtracting(half), number.adding(half)]
        } catch {
            return nil
        }
    }
}

extension Scheme {
    /// Whether the rules still give `settled` for some entity whose banded attributes differ from this one's by no more than their bands:
    /// each as it is, or at an end of its band, in all combinations. An attribute without a value has no band.
    func isWithinBand(_ values: [Value], settled: String, context: EvaluationContext) -> Bool {
        var rows = [values]
        for band in stability.deadBands {
            guard case .number(let number) = values[band.slot], let ends = band.ends(of: number) else { continue }
            rows += rows.flatMap { row in
                ends.map { end in
                    var moved = row
                    moved[band.slot] = .number(end)
                    return moved
                }
            }
        }
        return rows.dropFirst().contains { row in
            do throws(EvaluationFailure) {
                return try table.evaluate(ruleInputs(row, context: context), context).outputs.first == .string(settled)
            } catch {
                return false
            }
        }
    }
}
