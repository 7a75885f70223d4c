import Values

/// One worked case: what goes in, and what has to come out.
struct OracleCase {
    let id: String
    let group: String
    let inputs: CaseInputs
    let expected: ContextValue
    let tolerance: Double
}

/// Why a case could not be computed.
struct CaseFailure: Error, CustomStringConvertible {
    let description: String

    init(_ fact: String) { description = fact }
}

/// Reads a file of cases.
enum CaseFile {
    static func read(_ bytes: [UInt8]) throws(CaseFailure) -> [OracleCase] {
        let document: Value
        do {
            document = try JSONText.parse(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw CaseFailure("not JSON: \(error)")
        }
        guard case .context(let file) = document, case .list(let cases)? = file["cases"] else { throw CaseFailure("there is no list `cases`") }
        var read: [OracleCase] = []
        for (index, value) in cases.enumerated() {
            guard case .context(let entry) = value, case .string(let id)? = entry["id"], case .string(let group)? = entry["group"] else {
                throw CaseFailure("case \(index) has no id and group")
            }
            guard case .context(let inputs)? = entry["inputs"], case .context(let expected)? = entry["expected"], !expected.isEmpty else {
                throw CaseFailure("case \(id) has no inputs, or expects nothing")
            }
            guard let tolerance = CaseInputs.double(entry["tol"]), tolerance >= 0 else { throw CaseFailure("case \(id) has no tol") }
            read.append(OracleCase(id: id, group: group, inputs: CaseInputs(inputs), expected: expected, tolerance: tolerance))
        }
        return read
    }
}
