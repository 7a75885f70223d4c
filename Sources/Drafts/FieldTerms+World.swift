extension FieldTerms {
    /// Money, forecasts, contracts, and what the world reports.
    static let world = """
        *.validFrom:valid from|valid begin|from date ~0.8|begin date|begin
        *.validTo:valid to|valid finish|to date ~0.8|finish date|finish
        *.invoice:invoice number|invoice
        invoiceLine.issuer:issuer|invoice supplier|supplier number ~0.8|supplier ~0.8
        invoiceLine.amount:amount|line amount|net amount|invoice amount|line total|total ~0.8|total amount|total price
        invoiceLine.tax:tax|tax amount
        invoiceLine.issuedOn:invoice date|date ~0.5|issue date ~0.8
        freightCharge.charge:charge|charge type|charge number|freight charge type|charge name
        freightCharge.amount:amount|total ~0.8|total amount ~0.9|charge amount|freight amount|freight|freight cost|charge cost|cost
        freightCharge.shippedOn:ship date|date ~0.4
        costComponent.kind:cost kind|subject kind|kind|subject type
        costComponent.subject:subject|subject number
        costComponent.component:component|cost component|cost type|cost category
        costComponent.amount:amount|cost|cost amount
        costComponent.basis:base|cost base|base unit
        forecastLine.source:source|forecast source|customer number ~0.6|customer ~0.6
        forecastLine.location:location number|location|to|warehouse
        forecastLine.startsOn:begin date|begin|forecast date|week ~0.7|month ~0.7|from date|date ~0.5
        forecastLine.endsOn:finish date|finish|to date
        forecastLine.quantity:forecast quantity|forecast|quantity forecast
        forecastLine.commitment:commitment|forecast type|forecast status
        exchangeRate.baseCurrency:base currency|from currency|currency from
        exchangeRate.quoteCurrency:quote currency|to currency|currency to|currency ~0.6
        exchangeRate.validFrom:valid from|date ~0.7|rate date|valid date|exchange date
        exchangeRate.rate:rate|exchange rate|exchange
        exchangeRate.source:source
        contract.contract:contract number|contract
        contract.role:party role|role
        contract.party:party number|party|customer number|customer|supplier number|supplier|carrier number|carrier
        contract.tier:tier|contract tier
        contract.serviceLevel:service level|service
        contract.floor:floor
        contract.noticePeriod:notice period|notice
        contract.penalty:penalty
        signal.source:source|provider
        signal.kind:signal kind|signal type|event type|kind
        signal.subject:subject|location number|location|region|lane|from ~0.6|city ~0.8
        signal.measure:measure|signal measure
        signal.reading:reading|temperature ~0.8|measure amount ~0.7|weather amount|amount ~0.6|rain ~0.7|wind ~0.6|visibility ~0.6|humidity ~0.6
        signal.unit:unit
        signal.headline:headline|text|event text ~0.7|headline text
        signal.confidence:confidence
        signal.validFrom:valid from|begin date|date ~0.6|time date ~0.6|time ~0.6
        signal.validTo:valid to|finish date
        signal.issuedAt:issue date|report date|create date
        """
}
