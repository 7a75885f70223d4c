package import Diagnostics

// The findings of decision tables. What a cell itself says wrong has a code of the expression language (FEEL-...).
extension DiagnosticCode {
    /// The text has no header line, or no rule follows it: write `| input || output |` and a line for each rule.
    package static let tableEmpty: DiagnosticCode = "TABLE-EMPTY"
    /// The header does not say what the table reads and gives: write inputs, `||`, outputs, and each output's name once.
    package static let tableHeader: DiagnosticCode = "TABLE-HEADER"
    /// A line is no row of the table, or has more or fewer cells than the header: bring it to the header's cells.
    package static let tableRow: DiagnosticCode = "TABLE-ROW"
    /// A cell is empty or its quotes do not close: write `-` for any input, `null` for no output.
    package static let tableCell: DiagnosticCode = "TABLE-CELL"
    /// A cell or an input gives another type than its column has: correct it, or declare the column's type.
    package static let tableType: DiagnosticCode = "TABLE-TYPE"
    /// The hit policy is unknown, does not suit the outputs, or needs output values in order: take one that the hint lists.
    package static let tablePolicy: DiagnosticCode = "TABLE-POLICY"
    /// The table has more rules or columns than one table may have: split it.
    package static let tableSize: DiagnosticCode = "TABLE-SIZE"
    /// Two rules of a UNIQUE table match one row: make them exclude each other, or take FIRST.
    package static let tableUnique: DiagnosticCode = "TABLE-UNIQUE"
    /// Rules of an ANY table that match one row differ in their outputs: give them the same, or take FIRST.
    package static let tableAny: DiagnosticCode = "TABLE-ANY"
    /// A value of an input or output is not among the values that its column lists: correct it, or list it.
    package static let tableValues: DiagnosticCode = "TABLE-VALUES"
    /// The outputs of the matched rules cannot be added or compared: give numbers, or values of one kind that have an order.
    package static let tableAggregate: DiagnosticCode = "TABLE-AGGREGATE"
}
