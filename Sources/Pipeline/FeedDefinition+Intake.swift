import Archives
import EDI
import FlatFiles
package import Formats
package import Intake
package import Mapping
import Markup
import Values

extension FeedDefinition {
    /// How completeness is told in the feed's format.
    package var probe: any CompletenessProbe {
        PackedProbe(plainProbe)
    }

    private var plainProbe: any CompletenessProbe {
        switch format {
        case .x12: X12Probe()
        case .edifact: EDIFACTProbe()
        case .tradacoms: TRADACOMSProbe()
        // Nothing at their ends tells that they are whole.
        case .csv, .flat, .idoc, .json: CSVProbe()
        case .xml: MarkupProbe()
        }
    }

    /// When a file of the feed counts as whole.
    package var settlingPolicy: Settling.Policy {
        let order: Settling.Order =
            switch order {
            case .name: .name
            case .number: .number
            case .oldest: .oldest
            case .seen: .seen
            }
        var policy = Settling.Policy(order: order, isInSequence: isInSequence, giveUpMilliseconds: giveUpAfter.wholeMilliseconds)
        switch completion {
        case .automatic: policy.rule = .auto
        case .quiet(let quiet): policy.rule = .quiet(milliseconds: quiet.wholeMilliseconds)
        case .doneFile(let pattern): policy.rule = .doneFile(pattern)
        }
        return policy
    }
}

extension DayTimeDuration {
    var wholeMilliseconds: Int { Int(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue) + Int(nanoseconds) / 1_000_000 }
}
