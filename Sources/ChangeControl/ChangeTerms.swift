package import Values

/// The times that change control keeps, as governance sets them.
package struct ChangeTerms: Hashable, Sendable {
    /// Name of the zone in which a time without an offset is meant.
    package var zone = "UTC"
    /// How long a revision stays open before it expires.
    package var lifetime = DayTimeDuration(seconds: 30 * 86_400)
    /// How late a scheduled activation may come; one that is later was missed, and is assessed and approved anew.
    package var lateness = DayTimeDuration(seconds: 3_600)
    /// How long ago a bundle may have gone out of use to be rolled back to; older ones take a break of the glass.
    package var rollbackWindow = DayTimeDuration(seconds: 90 * 86_400)
    /// Within what time a rollback or a break of the glass is reviewed.
    package var reviewWithin = DayTimeDuration(seconds: 48 * 3_600)

    /// The longest that an operator may freeze changes, and hold emissions, at a time.
    package static let freezeLimit = DayTimeDuration(seconds: 30 * 86_400), holdLimit = DayTimeDuration(seconds: 24 * 3_600)

    /// The longest freeze that governance may have: it could not be lifted before its end.
    package static let governedFreezeLimit = DayTimeDuration(seconds: 120 * 86_400)

    /// Keys of the file, with what they may be.
    static var bounds: [(key: String, path: WritableKeyPath<ChangeTerms, DayTimeDuration>, least: DayTimeDuration, most: DayTimeDuration)] {
        func days(_ count: Int64) -> DayTimeDuration { DayTimeDuration(seconds: count * 86_400) }
        return [
            ("lifetime", \.lifetime, DayTimeDuration(seconds: 3_600), days(366)), ("lateness", \.lateness, DayTimeDuration(seconds: 1), days(30)),
            ("rollbackWindow", \.rollbackWindow, DayTimeDuration(seconds: 3_600), days(3_660)), ("reviewWithin", \.reviewWithin, DayTimeDuration(seconds: 3_600), days(90)),
        ]
    }

    package init() {}
}
