import Intake
import Store

/// A failure of any room, as it is told: what happened apart from what to do, which is told once.
struct ToldFailure {
    let cause: String
    let hint: String?
    /// Whether it may be over at another try.
    let isRetriable: Bool

    init(_ error: any Error) {
        switch error {
        case let failure as IntakeFailure: (cause, hint, isRetriable) = (failure.fact, failure.hint, failure.isRetriable)
        case let failure as StoreFailure: (cause, hint, isRetriable) = (failure.fact, failure.hint, failure.isRetriable)
        case let failure as PipelineFailure: (cause, hint, isRetriable) = (failure.fact, failure.hint, failure.isRetriable)
        default: (cause, hint, isRetriable) = ("\(error)", nil, false)
        }
    }
}
