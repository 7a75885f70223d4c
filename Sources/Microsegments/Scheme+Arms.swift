package import Attributes
package import Records

/// Which part of the entities a version of a scheme divides, while another version divides the others.
package struct SchemeArm: Hashable, Sendable {
    package let cohort: Cohort
    package let reader: CohortUnitReader
    /// Whether it is the cohort that has this version, or the rest.
    package let isCohort: Bool

    package init(cohort: Cohort, reader: CohortUnitReader, isCohort: Bool) {
        self.cohort = cohort
        self.reader = reader
        self.isCohort = isCohort
    }

    package var name: String { isCohort ? "cohort" : "rest" }

    package func holds(_ entity: EntityKey, own: Fact?) -> Bool { cohort.holds(reader.unit(of: entity, own: own)) == isCohort }
}

extension Scheme {
    /// Whether this version divides an entity.
    package func divides(_ entity: EntityKey, own: Fact?) -> Bool { arm?.holds(entity, own: own) ?? true }

    /// Tells versions of a scheme apart where what is kept between runs must not be mixed: the name, but for the version of the rest.
    package var version: String { arm?.isCohort == false ? "\(name) (rest)" : name }

    /// The same for a part of the entities.
    package func limited(to arm: SchemeArm) -> Scheme {
        var scheme = self
        scheme.arm = arm
        return scheme
    }
}
