package import Diagnostics

// What analysis finds in decision tables that compile. Errors break the policy; warnings are almost surely not meant; notes are advice.
extension DiagnosticCode {
    /// No rule holds for some rows: add a rule, or widen one.
    package static let tableGap: DiagnosticCode = "TABLE-GAP"
    /// Two rules of a UNIQUE table hold for the same rows: make them exclude each other, or take FIRST.
    package static let tableOverlap: DiagnosticCode = "TABLE-OVERLAP"
    /// Two rules of an ANY table hold for the same rows and differ in their outputs: give them the same.
    package static let tableConflict: DiagnosticCode = "TABLE-CONFLICT"
    /// Two rules have the same conditions: remove one.
    package static let tableDuplicate: DiagnosticCode = "TABLE-DUPLICATE"
    /// A rule never decides, because others do wherever it holds: remove it, or move it up.
    package static let tableMasked: DiagnosticCode = "TABLE-MASKED"
    /// A rule holds for no row, because a cell holds for no value or two cells exclude each other: correct the cell.
    package static let tableNever: DiagnosticCode = "TABLE-NEVER"
    /// A rule decides only where an input is null.
    package static let tableNullOnly: DiagnosticCode = "TABLE-NULL-ONLY"
    /// Without the rule every answer would be the same: remove it.
    package static let tableRedundant: DiagnosticCode = "TABLE-REDUNDANT"
    /// A part of a cell holds for no value that another part does not hold for: remove it.
    package static let tablePart: DiagnosticCode = "TABLE-PART"
    /// With `-` in place of the cell every answer would be the same.
    package static let tableAnyCell: DiagnosticCode = "TABLE-ANY-CELL"
    /// Rules with the same outputs could be one.
    package static let tableMerge: DiagnosticCode = "TABLE-MERGE"
    /// Another hit policy says more exactly what the table does.
    package static let tableAdvice: DiagnosticCode = "TABLE-ADVICE"
    /// Some cells are not over constants, so what is said of their rules is not everything.
    package static let tableOpaque: DiagnosticCode = "TABLE-OPAQUE"
    /// Two inputs read the same field, so a region may name a combination that cannot be.
    package static let tableDependent: DiagnosticCode = "TABLE-DEPENDENT"
    /// The analysis reached a limit, so there may be more to find.
    package static let tableLimit: DiagnosticCode = "TABLE-LIMIT"
}
