import Records

/// The tables, as migrations that are applied once each, in order.
package enum Schema {
    /// Each migration is a list of statements; none is ever changed once released, only added to.
    package static let migrations: [[String]] = [
        ledger + changes + segmentation + outgoing + records(RecordCatalogue.all.prefix(10)),
        records(RecordCatalogue.all.dropFirst(10).prefix(15)), answering, sending,
        records(RecordCatalogue.all.dropFirst(25)) + ["CREATE INDEX file_feed ON file (feed, id)"],
        shipments,
        stability,
        restlessness,
        witnessed,
        notices,
        // The time of the log is asked for with each event of change control.
        ["CREATE INDEX log_at ON log (at)"],
        personal,
        // Who works on the store.
        [
            """
            CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence {integer} NOT NULL, boot TEXT NOT NULL,
            until {integer} NOT NULL, is_locked {integer} NOT NULL)
            """
        ],
        delivering,
        remote,
    ]

    private static let ledger = [
        "CREATE TABLE site (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """
        CREATE TABLE log (position {integer} PRIMARY KEY, at {integer} NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
        previous TEXT NOT NULL, hash TEXT NOT NULL)
        """,
        "CREATE INDEX log_kind ON log (kind, position)",
        """
        CREATE TABLE file (id {integer} PRIMARY KEY, feed TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
        size {integer} NOT NULL, status TEXT NOT NULL, first_seen_at {integer} NOT NULL, claimed_at {integer} NOT NULL,
        finished_at {integer}, reason TEXT, archived_as TEXT, duplicate_of {integer}, attempts {integer} NOT NULL)
        """,
        "CREATE INDEX file_digest ON file (digest)",
        "CREATE INDEX file_status ON file (status)",
        "CREATE INDEX file_name ON file (name)",
        """
        CREATE TABLE interchange (file {integer} NOT NULL REFERENCES file (id), standard TEXT NOT NULL,
        sender_qualifier TEXT NOT NULL, sender TEXT NOT NULL, receiver_qualifier TEXT NOT NULL, receiver TEXT NOT NULL,
        control_number TEXT NOT NULL, position {integer} NOT NULL, PRIMARY KEY (file, position))
        """,
        "CREATE INDEX interchange_number ON interchange (control_number, sender)",
        """
        CREATE TABLE load (id {integer} PRIMARY KEY, file {integer} NOT NULL REFERENCES file (id), status TEXT NOT NULL,
        digest TEXT NOT NULL, state TEXT NOT NULL, accepted {integer} NOT NULL, reported {integer} NOT NULL,
        read {integer} NOT NULL, position {integer})
        """,
        "CREATE INDEX load_file ON load (file)",
        """
        CREATE TABLE rejected (load {integer} NOT NULL REFERENCES load (id), ordinal {integer} NOT NULL, start {integer} NOT NULL,
        finish {integer} NOT NULL, code TEXT NOT NULL, fact TEXT NOT NULL)
        """,
        "CREATE INDEX rejected_load ON rejected (load, code)",
        """
        CREATE TABLE contest (load {integer} NOT NULL, kind TEXT NOT NULL, client TEXT NOT NULL, record_key TEXT NOT NULL,
        PRIMARY KEY (load, kind, client, record_key))
        """,
        """
        CREATE TABLE touched (load {integer} NOT NULL, kind TEXT NOT NULL, client TEXT NOT NULL, entity TEXT NOT NULL,
        PRIMARY KEY (load, kind, client, entity))
        """,
    ]

    private static let changes = [
        "CREATE TABLE content (digest TEXT PRIMARY KEY, bytes {blob} NOT NULL)",
        "CREATE TABLE state (id TEXT PRIMARY KEY, description TEXT NOT NULL)",
        """
        CREATE TABLE change_request (id TEXT PRIMARY KEY, status TEXT NOT NULL, base TEXT NOT NULL, target TEXT NOT NULL,
        body TEXT NOT NULL)
        """,
    ]

    private static let segmentation = [
        """
        CREATE TABLE dirty (kind TEXT NOT NULL, client TEXT NOT NULL, entity TEXT NOT NULL, position {integer} NOT NULL,
        PRIMARY KEY (kind, client, entity))
        """,
        """
        CREATE TABLE standing (scheme TEXT NOT NULL, kind TEXT NOT NULL, client TEXT NOT NULL, entity TEXT NOT NULL,
        microsegment TEXT NOT NULL, cause TEXT NOT NULL, computed TEXT NOT NULL, rule {integer} NOT NULL,
        settled TEXT NOT NULL, since {integer} NOT NULL, candidate TEXT, confirmations {integer}, last_at {integer},
        next_change {integer}, state TEXT NOT NULL, position {integer} NOT NULL,
        PRIMARY KEY (scheme, client, entity))
        """,
        "CREATE INDEX standing_next ON standing (next_change)",
        "CREATE INDEX standing_microsegment ON standing (scheme, microsegment)",
        """
        CREATE TABLE assignment (scheme TEXT NOT NULL, kind TEXT NOT NULL, client TEXT NOT NULL, entity TEXT NOT NULL,
        microsegment TEXT NOT NULL, cause TEXT NOT NULL, rule {integer} NOT NULL, state TEXT NOT NULL,
        valid_from {integer} NOT NULL, valid_to {integer}, known_from {integer} NOT NULL, known_to {integer})
        """,
        "CREATE INDEX assignment_entity ON assignment (scheme, client, entity, valid_from)",
        "CREATE TABLE full_run (scheme TEXT PRIMARY KEY, at {integer} NOT NULL)",
        """
        CREATE TABLE decision (id TEXT PRIMARY KEY, position {integer} NOT NULL, place {integer} NOT NULL, scheme TEXT NOT NULL, kind TEXT NOT NULL,
        client TEXT NOT NULL, entity TEXT NOT NULL, at {integer} NOT NULL, microsegment TEXT NOT NULL, state TEXT NOT NULL,
        body TEXT NOT NULL)
        """,
        "CREATE INDEX decision_position ON decision (position, place)",
        "CREATE INDEX decision_entity ON decision (client, entity, position)",
    ]

    private static let outgoing = [
        """
        CREATE TABLE effect (id TEXT PRIMARY KEY, position {integer} NOT NULL, place {integer} NOT NULL, action TEXT NOT NULL, kind TEXT NOT NULL,
        target TEXT NOT NULL, lane TEXT, file_name TEXT, content_type TEXT NOT NULL, payload {blob} NOT NULL,
        created_at {integer} NOT NULL, deadline {integer} NOT NULL)
        """,
        "CREATE INDEX effect_position ON effect (position, place)",
        """
        CREATE TABLE effect_source (effect TEXT NOT NULL REFERENCES effect (id), place {integer} NOT NULL, decision TEXT,
        record {integer}, PRIMARY KEY (effect, place))
        """,
        """
        CREATE TABLE delivery (effect TEXT PRIMARY KEY REFERENCES effect (id), kind TEXT NOT NULL, target TEXT NOT NULL,
        position {integer} NOT NULL, status TEXT NOT NULL, attempts {integer} NOT NULL, charged {integer} NOT NULL,
        next_at {integer}, finished_at {integer}, deadline {integer} NOT NULL, failure TEXT, reason TEXT)
        """,
        "CREATE INDEX delivery_due ON delivery (status, next_at)",
        "CREATE TABLE disabled_target (target TEXT PRIMARY KEY, at {integer} NOT NULL, reason TEXT NOT NULL)",
        """
        CREATE TABLE attempt (effect TEXT NOT NULL REFERENCES effect (id), number {integer} NOT NULL, at {integer} NOT NULL,
        milliseconds {integer} NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (effect, number))
        """,
    ]

    /// Acknowledgements: what they answer, and the numbers that are used up.
    private static let answering = [
        "ALTER TABLE effect_source ADD COLUMN file {integer}",
        "ALTER TABLE interchange ADD COLUMN content TEXT",
        "CREATE INDEX effect_source_file ON effect_source (file)",
        "CREATE TABLE control_number (partner TEXT NOT NULL, kind TEXT NOT NULL, last {integer} NOT NULL, PRIMARY KEY (partner, kind))",
    ]

    /// Transaction sets that were sent, and what was said of them. `within` is in nanoseconds.
    private static let sending = [
        """
        CREATE TABLE sent_set (effect TEXT NOT NULL REFERENCES effect (id), place {integer} NOT NULL, partner TEXT NOT NULL,
        interchange {integer} NOT NULL, group_number {integer}, control TEXT NOT NULL, identifier TEXT NOT NULL, within {integer},
        status TEXT NOT NULL, faults TEXT NOT NULL, answered_by {integer}, answered_at {integer}, PRIMARY KEY (effect, place))
        """,
        "CREATE INDEX sent_set_interchange ON sent_set (partner, interchange)",
        "CREATE INDEX sent_set_group ON sent_set (partner, group_number)",
        "CREATE INDEX sent_set_status ON sent_set (status)",
        "CREATE INDEX sent_set_control ON sent_set (effect, control)",
    ]

    /// What holds an entity where it is, what may move in a cycle, and what makes a run due early.
    private static let stability = [
        "ALTER TABLE standing ADD COLUMN candidate_since {integer}",
        "ALTER TABLE standing ADD COLUMN verdict TEXT",
        "ALTER TABLE standing ADD COLUMN value TEXT",
        """
        CREATE TABLE churn (scheme TEXT NOT NULL, cycle {integer} NOT NULL, members {integer} NOT NULL, value TEXT NOT NULL,
        moved {integer} NOT NULL, moved_value TEXT NOT NULL, PRIMARY KEY (scheme, cycle))
        """,
        "CREATE TABLE trigger_basis (scheme TEXT NOT NULL, attribute TEXT NOT NULL, sample TEXT NOT NULL, PRIMARY KEY (scheme, attribute))",
        """
        CREATE TABLE trigger_mean (scheme TEXT NOT NULL, attribute TEXT NOT NULL, at {integer} NOT NULL, mean TEXT NOT NULL,
        PRIMARY KEY (scheme, attribute, at))
        """,
        "CREATE TABLE population (scheme TEXT PRIMARY KEY, step {integer} NOT NULL)",
        """
        CREATE TABLE population_end (scheme TEXT NOT NULL, attribute TEXT NOT NULL, grouping TEXT NOT NULL, place {integer} NOT NULL,
        number TEXT, client TEXT, entity TEXT, PRIMARY KEY (scheme, attribute, grouping, place))
        """,
    ]

    /// Shipments became entities.
    private static let shipments = RecordCatalogue.all.flatMap { definition in
        let table = RecordTable(definition)
        return definition.fields.filter { $0.refersTo == .shipment }.map {
            "CREATE INDEX \(table.name)_by_\($0.column) ON \(table.name) (client, \($0.column))"
        }
    }

    /// Who moved lately is asked at each look at the status.
    private static let restlessness = ["CREATE INDEX assignment_began ON assignment (valid_from) WHERE known_to IS NULL"]

    /// Checkpoints of the log, who has them, and the moves that a log entry digests.
    private static let witnessed = [
        "CREATE TABLE checkpoint (size {integer} PRIMARY KEY, at {integer} NOT NULL, note TEXT NOT NULL)",
        "CREATE TABLE witness (name TEXT PRIMARY KEY, size {integer} NOT NULL, at {integer} NOT NULL, failure TEXT)",
        "CREATE INDEX assignment_moved ON assignment (known_from) WHERE valid_to IS NULL",
    ]

    /// Notices of a lower tier, and when an entity last went to one.
    private static let notices = ["notice_to TEXT", "notice_since {integer}", "notice_ends {integer}", "notice_effective {integer}", "lowered_at {integer}"].map {
        "ALTER TABLE standing ADD COLUMN \($0)"
    }

    /// Keys of subjects (never the keys themselves), what is sealed under them besides records, and what is no more.
    private static let personal = [
        """
        CREATE TABLE personal_key (id {integer} PRIMARY KEY, client TEXT NOT NULL, party TEXT NOT NULL, pseudonym TEXT NOT NULL,
        shredded {integer}, destroyed {integer} NOT NULL, admitted {integer})
        """,
        "CREATE INDEX personal_key_subject ON personal_key (client, party, id)",
        "CREATE INDEX personal_key_shredded ON personal_key (id) WHERE shredded IS NOT NULL",
        "CREATE TABLE sealed_effect (key_id {integer} NOT NULL, effect TEXT NOT NULL REFERENCES effect (id), PRIMARY KEY (key_id, effect))",
        "ALTER TABLE effect ADD COLUMN sealed {integer}",
        "ALTER TABLE effect ADD COLUMN removed TEXT",
        "CREATE TABLE shredded_original (file {integer} PRIMARY KEY REFERENCES file (id), position {integer} NOT NULL, removed {integer} NOT NULL)",
    ]

    /// What is due of one kind, and which webhooks are left, are found without a look at what waits besides.
    private static let delivering = [
        "DROP INDEX delivery_due",
        "CREATE INDEX delivery_next ON delivery (kind, next_at) WHERE status IN ('pending', 'waiting')",
        "CREATE INDEX delivery_unsettled ON delivery (target, position, effect) WHERE kind = 'webhook' AND finished_at IS NULL",
        "CREATE INDEX delivery_dead ON delivery (position, effect) WHERE status = 'dead'",
    ]

    /// Files that were pulled from servers of others, how each pull stands, and action files by target: those for servers go beside those for folders.
    private static let remote = [
        """
        CREATE TABLE remote_file (id {integer} PRIMARY KEY, remote TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL,
        size {integer} NOT NULL, modified {integer}, stamp TEXT NOT NULL, digest TEXT NOT NULL, feed TEXT NOT NULL, drop_folder TEXT NOT NULL,
        staged TEXT NOT NULL, local_name TEXT NOT NULL, status TEXT NOT NULL, pulled_at {integer} NOT NULL, finished_at {integer}, reason TEXT)
        """,
        "CREATE INDEX remote_file_open ON remote_file (remote, folder) WHERE finished_at IS NULL",
        "CREATE INDEX remote_file_name ON remote_file (name)",
        "CREATE INDEX remote_file_finished ON remote_file (finished_at)",
        "CREATE TABLE remote_pull (name TEXT PRIMARY KEY, looked_at {integer} NOT NULL, next_at {integer} NOT NULL, failure TEXT, waiting TEXT NOT NULL)",
        "CREATE INDEX delivery_files ON delivery (target, next_at) WHERE kind = 'actionFile' AND status IN ('pending', 'waiting')",
        "CREATE INDEX delivery_files_sending ON delivery (effect) WHERE kind = 'actionFile' AND status = 'sending'",
    ]

    /// One table a kind of record, from the catalogue: a decimal is a coefficient and a scale, so that it stays exact.
    private static func records(_ definitions: ArraySlice<RecordDefinition>) -> [String] { definitions.flatMap(tables) }

    private static func tables(_ definition: RecordDefinition) -> [String] {
        let table = RecordTable(definition)
        let columns = definition.fields.flatMap { field -> [String] in
            switch field.type {
            case .number: ["\(field.column) {integer}", "\(field.column)_scale {integer}"]
            case .boolean: ["\(field.column) {integer}"]
            case .text, .date, .dateTime: ["\(field.column) TEXT"]
            }
        }
        let create = """
            CREATE TABLE \(table.name) (record {integer} PRIMARY KEY, load {integer} NOT NULL REFERENCES load (id),
            record_key TEXT NOT NULL, version {integer} NOT NULL, superseded {integer} NOT NULL,
            \(columns.joined(separator: ", ")), origin {blob} NOT NULL)
            """
        let references = Set(definition.fields.filter { $0.refersTo != nil && $0.refersTo != .shipment }.map(\.column))
        return [create, "CREATE INDEX \(table.name)_key ON \(table.name) (client, record_key)"]
            + references.sorted().map { "CREATE INDEX \(table.name)_by_\($0) ON \(table.name) (client, \($0))" }
    }
}
