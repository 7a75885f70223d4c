import Intake

/// Which files of a folder on a server are whole, as ``Settling`` finds out.
///
/// Those whose time the server tells to the minute at best have to be unchanged for a minute more: two writes that are within one are one to who looks, and all that
/// is told of a file stays as it is.
struct PullSettling {
    private var exact: Settling
    private var coarse: Settling

    private static let coarseMilliseconds = 61_000
    private static let giveUpMilliseconds = 900_000

    /// - Parameter done: pattern of the markers that say that a file is whole, in place of the quiet time.
    init(quietMilliseconds: Int, done: String?) {
        func settling(_ quiet: Int) -> Settling {
            let rule: Settling.Rule = done.map { .doneFile($0) } ?? .quiet(milliseconds: quiet)
            return Settling(policy: Settling.Policy(rule: rule, quietMilliseconds: quiet, giveUpMilliseconds: max(Self.giveUpMilliseconds, quiet)))
        }
        exact = settling(quietMilliseconds)
        coarse = settling(quietMilliseconds + Self.coarseMilliseconds)
    }

    /// Takes in a look at the whole folder, by whether times were told to the second.
    mutating func saw(_ exact: [Sighting], coarse: [Sighting], at now: Int) {
        self.exact.saw(exact, at: now)
        self.coarse.saw(coarse, at: now)
    }

    /// Every file with its verdict, by name.
    func verdicts(at now: Int) -> [(name: String, verdict: Settling.Verdict)] {
        (exact.verdicts(at: now) + coarse.verdicts(at: now)).sorted { FileName($0.name) < FileName($1.name) }
    }

    /// Forgets a file: if its name is seen again, it settles anew.
    mutating func took(_ name: String) {
        exact.took(name)
        coarse.took(name)
    }
}
