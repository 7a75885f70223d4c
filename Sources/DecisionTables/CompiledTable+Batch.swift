package import FEEL
import Values

extension CompiledTable {
    /// Applies the table to all rows of a batch: for each the rules that ``evaluate(_:_:)`` would name, in both profiles.
    ///
    /// Inputs whose header is just a field are read from their column; rows are asked one by one only where an input's value is
    /// not indexed (times, lists, numbers past 64 bits at the column's scale), where a rule that is left has a cell that is not
    /// over constants, or where a policy hangs on computed outputs. A row that fails does not stop the others. It takes no more
    /// memory than its answer, and a few kilobytes.
    package func evaluate(_ batch: ColumnBatch, _ context: EvaluationContext) -> BatchOutcome {
        var evaluation = BatchEvaluation(self, batch, context)
        return evaluation.run()
    }

    /// What ``evaluate(_:_:)`` gives for one row of a batch, from the rules that the batch found: only outputs are worked out.
    package func outcome(
        ofRow row: Int, of outcome: BatchOutcome, in batch: ColumnBatch, _ context: EvaluationContext
    ) throws(EvaluationFailure) -> TableOutcome {
        let values = batch.row(at: row)
        if outcome.failedRows.binarySearch(row) { return try evaluate(values, context) }
        let rules = outcome.rules(ofRow: row).map { Int($0) - 1 }
        return try answered(context) { () throws(EvaluationFailure) in try self.outcome(of: rules, values, context) }
    }
}

extension [Int] {
    /// Whether an ascending list holds a number.
    fileprivate func binarySearch(_ number: Int) -> Bool {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number
    }
}
