import EDI
import Formats

/// TRADACOMS transmissions built for a test: own content, right counts unless told otherwise.
enum TRADACOMSFixture {
    static let stx = "STX=ANA:1+5012345000001:ALPHA SHOPS+5098765000001:DEPOT LTD+261121:093800+000042+PASSW+ORDHDR+B"

    static func transmission(_ messages: [String], stx: String = stx, count: Int? = nil, newline: String = "\n") -> String {
        stx + "'" + newline + messages.joined() + "END=\(count ?? messages.filter { $0.hasPrefix("MHD") }.count)'" + newline
    }

    static func message(_ type: String, _ number: Int, _ segments: [String], newline: String = "\n") -> String {
        (["MHD=\(number)+\(type)"] + segments + ["MTR=\(segments.count + 2)"]).map { $0 + "'" + newline }.joined()
    }

    static let order = ["CLO=5012345000002:89828+EAST DEPOT", "ORD=70970::261121", "DIN=261128", "OLD=1+5010210000000++:0089+12+60++++ROLLS:4 PACK"]

    static var messages: [String] {
        [
            message("ORDHDR:9", 1, ["TYP=0430+NEW-ORDERS", "SDT=5098765000001", "CDT=5012345000001", "FIL=1+1+261121"]),
            message("ORDERS:9", 2, order), message("ORDTLR:9", 3, ["OFT=1"]),
        ]
    }

    static var clean: String { transmission(messages) }
    static var batched: String { transmission(["BAT=7'\n"] + messages + ["EOB=3'\n"]) }

    /// With the reconciliation facility: ANAA, and RSGRSG as the last message.
    static var reconciled: String {
        transmission(messages + [message("RSGRSG:2", 4, ["RSG=000042+5098765000001"])], stx: stx.replacing("ANA:1", with: "ANAA:1"))
    }
}
