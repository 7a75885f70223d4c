/// Whether there is a number, and it is right to within a distance or, of great ones, a share.
func isNear(_ found: Double?, _ right: Double, _ within: Double = 1e-12) -> Bool {
    found.map { ($0 - right).magnitude <= within * max(1, right.magnitude) } ?? false
}
