/// What differs between the databases; all else of the SQL is written once, in the subset that they share
/// (ARCHITECTURE.md, invariant 7).
package enum SQLDialect: Sendable, CaseIterable {
    case sqlite, postgresql

    /// SQL as written in ``Statement`` and ``Schema``, in this dialect: `?` placeholders, `{integer}` and `{blob}` types.
    package func text(_ sql: String) -> String {
        switch self {
        case .sqlite:
            return sql.replacing("{integer}", with: "INTEGER").replacing("{blob}", with: "BLOB")
        case .postgresql:
            var result = ""
            var number = 0
            for character in sql.replacing("{integer}", with: "BIGINT").replacing("{blob}", with: "BYTEA") {
                if character == "?" {
                    number += 1
                    result += "$\(number)"
                } else {
                    result.append(character)
                }
            }
            return result
        }
    }
}
