package import Diagnostics

extension DiagnosticCode {
    /// The first key of a file under Schemes or Overrides says what it is, and this one says nothing known.
    package static let bundleKind: DiagnosticCode = "BUNDLE-KIND"
    /// A file under Schemes or Overrides is read by nothing.
    package static let bundleUnused: DiagnosticCode = "BUNDLE-UNUSED"
    /// The business calendar is missing or names an unknown time zone.
    package static let bundleCalendar: DiagnosticCode = "BUNDLE-CALENDAR"
    /// An action or route names a target that the site does not have. Add it to crossdock.yaml.
    package static let siteTarget: DiagnosticCode = "SITE-TARGET"
    /// A pull fills the drop folder of a feed that there is not. Name one of Mappings/feeds.
    package static let siteFeed: DiagnosticCode = "SITE-FEED"
    /// Files lie in the inbox itself, or in a folder of it that no live feed has, and nobody takes them. Move them into the folder of a feed.
    package static let inboxUnwatched: DiagnosticCode = "INBOX-UNWATCHED"
    /// An acknowledgement came for something that was not sent to its sender: a number of somebody else's, or one that was lost.
    package static let acknowledgementUnknown: DiagnosticCode = "ACK-UNKNOWN"
    /// A partner rejects what was sent. Look at the faults that it names, mend the record or the outbound set, and send again.
    package static let acknowledgementRejected: DiagnosticCode = "ACK-REJECTED"
    /// A set was answered before, with another verdict; the first one stays.
    package static let acknowledgementAgain: DiagnosticCode = "ACK-AGAIN"
    /// A file was set aside because its bytes were processed before.
    package static let duplicateBytes: DiagnosticCode = "DUPLICATE-BYTES"
    /// An interchange of the same number and sender came before, with the same content in other bytes: it was sent again.
    package static let duplicateInterchange: DiagnosticCode = "DUPLICATE-INTERCHANGE"
    /// An interchange of the same number and sender came before, with another content: a correction, or a number used twice.
    package static let duplicateCorrection: DiagnosticCode = "DUPLICATE-CORRECTION"
    /// The same bytes were quarantined before, and somebody gave them in again.
    package static let duplicateReplay: DiagnosticCode = "DUPLICATE-REPLAY"
    /// A retention names a scheme that there is not.
    package static let retentionScheme: DiagnosticCode = "RETENTION-SCHEME"
    /// A term of a retention is no length of time.
    package static let retentionTerm: DiagnosticCode = "RETENTION-TERM"
    /// A retention declares a field personal that there is not, or that cannot be sealed.
    package static let retentionPersonal: DiagnosticCode = "RETENTION-PERSONAL"
    /// A state has more than one retention.
    package static let retentionTwice: DiagnosticCode = "RETENTION-TWICE"
}
