extension FieldTerms {
    /// What is changed, sent, received, carried and instructed.
    static let movements = """
        *.shipment:shipment number|shipment|ship number|deliver number ~0.9|deliver ~0.5
        *.trackingNumber:tracking number|tracking
        *.lane:lane|lane number
        *.package:package number|package
        orderChange.change:change number|order change number|change
        orderChange.kind:change kind|change type|change status ~0.7
        orderChange.promisedAt:promise date|deliver date|promise deliver date|expected date ~0.8
        shipment.orderNumber:order number|order
        shipment.shipment:number ~0.45
        shipment.billOfLading:lading number|lading
        shipment.shippedAt:ship date|ship time|ship|shipment date|date ~0.4
        shipment.expectedAt:expected date|expected deliver date|expected time|deliver date ~0.8|promise date ~0.7
        shipment.volume:volume
        shipment.packages:package quantity|package|number of package|package number ~0.5
        shipmentLine.quantity:ship quantity|quantity ship|deliver quantity|quantity deliver|picked quantity
        shipmentLine.ordered:order quantity|ordered quantity|quantity ordered|ordered
        package.parent:package parent|parent package
        package.kind:package kind|package type
        package.length:length
        package.width:width
        package.height:height
        receiptLine.receipt:receive number|receive|receive document number
        receiptLine.quantity:receive quantity|quantity receive
        receiptLine.expected:expected quantity|order quantity ~0.8|deliver quantity ~0.6|ordered quantity ~0.8
        receiptLine.condition:condition|stock condition
        receiptLine.receivedAt:receive date|receive time|receive|date ~0.5
        transportEvent.carrier:carrier number|carrier
        transportEvent.shipment:shipment number|shipment|tracking number ~0.95|tracking ~0.95|shipment flight
        transportEvent.reference:reference|customer reference|ship number ~0.5
        transportEvent.status:status|status number|event status|event|event number|event type|event name ~0.6
        transportEvent.occurredAt:event date|event time|status date|status time|date ~0.6|time ~0.5|time date ~0.6
        transportEvent.city:city|event city|event location ~0.7|location ~0.6
        transportEvent.region:region|event region
        transportEvent.country:country|event country
        warehouseInstruction.instruction:instruction number|instruction|deliver order number|deliver order
        warehouseInstruction.purchaseOrder:order number|order ~0.9|customer order number
        warehouseInstruction.shipToName:ship to name|to name|ship name|deliver name|customer name ~0.6
        warehouseInstruction.shipOn:ship date|promise ship date|ship on|deliver date ~0.6
        warehouseInstructionLine.instruction:instruction number|instruction|deliver order number|deliver order
        warehouseInstructionLine.shipOn:ship date|promise ship date|deliver date ~0.6
        lane.lane:lane number|lane
        lane.mode:mode|ship mode|transport mode
        lane.distance:distance|lane distance
        lane.transitTime:transit|transit time
        lane.rate:rate|freight rate|freight|freight price
        lane.rateBasis:rate base|rate unit|rate basis
        """
}
