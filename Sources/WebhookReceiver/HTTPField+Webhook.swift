import HTTPTypes
import Webhooks

extension HTTPField.Name {
    static let webhookID = header(WebhookSignature.idHeader)
    static let webhookTimestamp = header(WebhookSignature.timestampHeader)
    static let webhookSignature = header(WebhookSignature.signatureHeader)

    private static func header(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return name
    }
}
