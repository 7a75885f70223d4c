/// The limits of one evaluation, or of all that share an ``EvaluationAccount``. Reaching one ends it with FEEL-BUDGET in either
/// profile: a limit is no answer. Every limit counts what the text does and not what the machine has, so that it is reached at
/// the same place on every machine.
package struct EvaluationBudget: Sendable, Hashable {
    /// Loop turns, list items and calls; a turn of a long body and a long string count for more than one.
    package var steps: Int
    /// Nested calls and loops.
    package var depth: Int
    /// Levels of the texts of all nested calls together, where a call, loop or sort counts for several. It bounds the stack: the
    /// default fits into 512 KiB, measured without optimisation at 1.2 KiB a level. Who gives an evaluation a larger stack may raise it.
    package var nesting: Int
    /// Items in any one list.
    package var listLength: Int
    /// Bytes of UTF-8 in any one string.
    package var stringBytes: Int

    package init(
        steps: Int = 400_000, depth: Int = 100, nesting: Int = 400, listLength: Int = 100_000, stringBytes: Int = 1_048_576
    ) {
        self.steps = steps
        self.depth = depth
        self.nesting = nesting
        self.listLength = listLength
        self.stringBytes = stringBytes
    }
}
