package import Diagnostics

// The findings about decision models. What an expression says wrong has a code of the expression language (FEEL-...), and what
// a table does, one of decision tables (TABLE-...).
extension DiagnosticCode {
    /// The document is no decision model of DMN 1.2 to 1.5: export it as one of these.
    package static let modelVersion: DiagnosticCode = "DMN-VERSION"
    /// An element stands where the standard has none: it is not read.
    package static let modelElement: DiagnosticCode = "DMN-ELEMENT"
    /// An attribute or child that the standard asks for is missing, or says what the standard does not know.
    package static let modelMissing: DiagnosticCode = "DMN-MISSING"
    /// What an editor adds to the standard is not used. Each is told once.
    package static let modelIgnored: DiagnosticCode = "DMN-IGNORED"
    /// Two elements of one model have one name or one id.
    package static let modelDuplicate: DiagnosticCode = "DMN-DUPLICATE"
    /// A reference names no element, or one of another kind.
    package static let modelReference: DiagnosticCode = "DMN-REFERENCE"
    /// A type is neither one of FEEL's nor one that the model or its imports define.
    package static let modelType: DiagnosticCode = "DMN-TYPE"
    /// Requirements or item definitions go round in a circle.
    package static let modelCycle: DiagnosticCode = "DMN-CYCLE"
    /// A model that is imported is not there, or is no decision model.
    package static let modelImport: DiagnosticCode = "DMN-IMPORT"
    /// An expression is in another language than FEEL.
    package static let modelLanguage: DiagnosticCode = "DMN-LANGUAGE"
    /// A function is defined by Java or PMML code, which is never run: its calls are null.
    package static let modelExternal: DiagnosticCode = "DMN-EXTERNAL"
    /// A value does not conform to the type that it is given to, and is null there.
    package static let modelConformance: DiagnosticCode = "DMN-CONFORM"
    /// The model has more elements, or nests deeper, than one model may.
    package static let modelTooLarge: DiagnosticCode = "DMN-SIZE"
    /// A table cannot be carried to another form without loss, or what stays behind is told.
    package static let tableConversion: DiagnosticCode = "DMN-CONVERT"
    /// A test case for a model cannot be read.
    package static let conformanceCase: DiagnosticCode = "DMN-CASE"
}
