/// Distance along the surface of a sphere of the earth's mean radius; within 0.6 % of that on the ellipsoid.
package enum GreatCircle {
    /// Mean radius R1 of the IUGG, in kilometres.
    package static let radiusKilometres = 6371.0088

    /// Kilometres between two places given in degrees, by the haversine, which keeps its digits for near places (Sinnott, Sky and Telescope 68, 1984).
    /// Nil where a latitude is beyond 90 degrees or a longitude beyond 360 either way, or no number.
    package static func kilometres(from: (latitude: Double, longitude: Double), to: (latitude: Double, longitude: Double)) -> Double? {
        for place in [from, to] where !(place.latitude.magnitude <= 90 && place.longitude.magnitude <= 360) { return nil }
        let north = Trigonometry.sine(degrees: (to.latitude - from.latitude) / 2)
        let east = Trigonometry.sine(degrees: (to.longitude - from.longitude) / 2)
        let cosines = Trigonometry.cosine(degrees: from.latitude) * Trigonometry.cosine(degrees: to.latitude)
        let haversine = min(1, north * north + cosines * east * east)
        return 2 * radiusKilometres * Trigonometry.arcTangent(haversine.squareRoot(), (1 - haversine).squareRoot())
    }
}
