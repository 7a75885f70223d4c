import Values

/// The inputs of a case by name, each as what is wanted of it.
struct CaseInputs {
    private let values: ContextValue

    init(_ values: ContextValue) { self.values = values }

    /// In the order of the file.
    var names: [String] { values.names }

    func has(_ name: String) -> Bool { values[name] != nil }

    /// Nil of what is no number.
    static func double(_ value: Value?) -> Double? {
        guard case .number(let number)? = value else { return nil }
        return number.binary
    }

    func value(_ name: String) throws(CaseFailure) -> Value {
        guard let value = values[name] else { throw CaseFailure("there is no input `\(name)`") }
        return value
    }

    func decimal(_ name: String) throws(CaseFailure) -> ExactDecimal {
        guard case .number(let number) = try value(name) else { throw wanted(name, "a number") }
        return number
    }

    func number(_ name: String) throws(CaseFailure) -> Double {
        guard let number = Self.double(try value(name)) else { throw wanted(name, "a number") }
        return number
    }

    /// The default where the input is not there.
    func number(_ name: String, default standard: Double) throws(CaseFailure) -> Double { has(name) ? try number(name) : standard }

    func integer(_ name: String) throws(CaseFailure) -> Int {
        guard let integer = try decimal(name).integer else { throw wanted(name, "a whole number") }
        return integer
    }

    func text(_ name: String) throws(CaseFailure) -> String {
        guard case .string(let text) = try value(name) else { throw wanted(name, "a text") }
        return text
    }

    func list(_ name: String) throws(CaseFailure) -> [Value] {
        guard case .list(let list) = try value(name) else { throw wanted(name, "a list") }
        return list
    }

    func numbers(_ name: String) throws(CaseFailure) -> [Double] {
        guard let numbers = Self.doubles(try value(name)) else { throw wanted(name, "a list of numbers") }
        return numbers
    }

    func decimals(_ name: String) throws(CaseFailure) -> [ExactDecimal] {
        var decimals: [ExactDecimal] = []
        for value in try list(name) {
            guard case .number(let number) = value else { throw wanted(name, "a list of numbers") }
            decimals.append(number)
        }
        return decimals
    }

    func integers(_ name: String) throws(CaseFailure) -> [Int] {
        var integers: [Int] = []
        for decimal in try decimals(name) {
            guard let integer = decimal.integer else { throw wanted(name, "a list of whole numbers") }
            integers.append(integer)
        }
        return integers
    }

    func texts(_ name: String) throws(CaseFailure) -> [String] {
        var texts: [String] = []
        for value in try list(name) {
            guard case .string(let text) = value else { throw wanted(name, "a list of texts") }
            texts.append(text)
        }
        return texts
    }

    func matrix(_ name: String) throws(CaseFailure) -> [[Double]] {
        var rows: [[Double]] = []
        for value in try list(name) {
            guard let row = Self.doubles(value) else { throw wanted(name, "rows of numbers") }
            rows.append(row)
        }
        return rows
    }

    private static func doubles(_ value: Value) -> [Double]? {
        guard case .list(let list) = value else { return nil }
        var doubles: [Double] = []
        for value in list {
            guard let double = double(value) else { return nil }
            doubles.append(double)
        }
        return doubles
    }

    private func wanted(_ name: String, _ what: String) -> CaseFailure { CaseFailure("the input `\(name)` is not \(what)") }
}
