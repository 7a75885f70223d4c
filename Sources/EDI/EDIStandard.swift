package import Formats

/// The standards of EDI that are read.
package typealias EDIStandard = InterchangeHeader.Standard
