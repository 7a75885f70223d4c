import FoundationEssentials
import Outbox
import Transfers
import Values

/// How effects go to a target as CloudEvents 1.0 (CNCF, "HTTP Protocol Binding").
package struct CloudEventSettings: Hashable, Sendable {
    package enum Mode: String, CaseIterable, Sendable {
        /// The payload is the body, and the attributes are headers.
        case binary
        /// Attributes and payload are one JSON object.
        case structured
    }

    package var mode: Mode
    /// The `source` of every event: a URI reference.
    package var source: String

    package init(mode: Mode, source: String) {
        self.mode = mode
        self.source = source
    }

    /// The content type, headers and body in which an effect leaves.
    ///
    /// - Parameter action: what made the effect; the type of the event where the payload is no JSON object with a `type`.
    func dress(_ effect: Effect, action: String) -> (contentType: String, headers: [Request.Header], body: [UInt8]) {
        let attributes: [(String, String)] = [
            ("specversion", "1.0"), ("id", effect.id), ("source", source), ("type", CloudEventSettings.type(of: effect, action)),
            ("time", effect.createdAt.description),
        ] + (effect.lane.map { [("subject", $0)] } ?? [])
        switch mode {
        case .binary:
            let headers = attributes.map { Request.Header("ce-" + $0.0, PercentEncoding.headerValue($0.1)) }
            return (effect.contentType, headers, effect.payload)
        case .structured:
            var text = "{"
            for (name, value) in attributes { text += "\(JSONText.quote(name)):\(JSONText.quote(value))," }
            text += "\"datacontenttype\":\(JSONText.quote(effect.contentType)),"
            var body = Array(text.utf8)
            if MediaType(effect.contentType).isJSON {
                body += Array("\"data\":".utf8) + effect.payload
            } else {
                body += Array("\"data_base64\":\"\(Data(effect.payload).base64EncodedString())\"".utf8)
            }
            return ("application/cloudevents+json; charset=utf-8", [], body + [UInt8(ascii: "}")])
        }
    }

    private static func type(of effect: Effect, _ action: String) -> String {
        guard MediaType(effect.contentType).isJSON else { return "crossdock.\(action)" }
        do {
            if case .context(let fields) = try JSONText.parse(String(decoding: effect.payload, as: UTF8.self)), case .string(let type)? = fields["type"], !type.isEmpty {
                return type
            }
        } catch {
            // No JSON after all: it is named like any other payload.
        }
        return "crossdock.\(action)"
    }
}
