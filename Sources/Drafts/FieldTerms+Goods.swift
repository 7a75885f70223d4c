extension FieldTerms {
    /// Items, parties, places, orders, sales and stock. `*` stands for every kind that has the field.
    static let goods = """
        *.client:client number|mandant
        *.item:item number|item|gtin ~0.9|item name ~0.4|item description ~0.4
        *.customer:customer number|customer|to party ~0.5|customer name ~0.45
        *.supplier:supplier number|supplier|supplier name ~0.45
        *.carrier:carrier number|carrier|ship carrier|carrier name ~0.6|ship mode ~0.6|deliver service ~0.5
        *.orderNumber:order number|order|customer order number|order reference
        order.orderNumber:number ~0.5|document number ~0.5
        *.lineNumber:line number|line|order line number|order line|item line|item position
        *.quantity:quantity|order quantity|item quantity|quantity number
        *.unitOfMeasure:unit|quantity unit|measure unit|unit number ~0.8|unit name ~0.6
        *.unitPrice:unit price|price|item price|net price|price unit|price amount
        *.unitCost:unit cost|cost|item cost|unit price ~0.55|price ~0.5
        *.currency:currency|currency number|price currency|order currency
        *.shipTo:ship to|ship to number|to|to number|to location|to location number|deliver to|deliver location|to party|deliver street ~0.4|ship name ~0.4|ship street ~0.4|to name ~0.4
        *.shipFrom:ship from|ship from number|from|from location|from location number|from party|warehouse number ~0.7|warehouse ~0.7|location ~0.5
        *.shipToRegion:ship to region|ship region|deliver region|to region|region ~0.6|ship to region number
        *.lot:lot number|lot
        *.expiresOn:expire date|expire|expire on
        *.weight:weight|gross weight|weight kg ~0.9
        *.country:country|country number|country name ~0.7
        *.region:region|region name|region number
        *.location:location number|location|warehouse number|warehouse|stock location|location name ~0.5|warehouse name ~0.5
        *.changedAt:change date|change|change time|last change date
        *.issuedAt:issue date|issue time|issue|message date ~0.6|create date
        *.reason:reason|reason number|reason text ~0.6
        *.priority:priority|order priority|priority number
        *.purpose:purpose|purpose number
        item.item:item number|item|gtin ~0.9|number ~0.45|item name ~0.4
        item.description:text|item text|item name|name ~0.75|item title
        item.category:category|category number|category name|item category|item type|type ~0.6
        item.fragile:fragile|item fragile
        item.hazardous:hazardous|hazardous number ~0.7|hazardous type ~0.6
        item.leadTime:lead|lead time|lead day
        party.party:customer number|customer|supplier number|supplier|carrier number|carrier|party number|party|number ~0.5
        party.name:name|customer name|supplier name|carrier name|party name
        party.role:party role|party type ~0.7
        party.tier:tier|customer tier|customer category|customer class
        order.orderedOn:order date|order day|date ~0.5|document date ~0.6|purchase date
        order.promisedAt:promise date|deliver date|promise deliver date|expected date ~0.85|promise|deliver date promise|ship date ~0.5|expected deliver date|promise ship date
        order.issuedAt:issue date|create date|order issue date|order time ~0.5
        orderLine.customerItem:customer item number|customer item|buyer item number
        orderLine.quantity:ordered quantity|quantity ordered
        salesLine.soldAt:invoice date|sale date|sale time|date ~0.6|invoice time|order date ~0.6
        salesLine.invoice:invoice number|invoice|sale number|receipt number ~0.5|order number ~0.6|document number ~0.6
        salesLine.amount:amount|line amount|sale amount|turnover|total|line total|total amount|total price
        salesLine.country:country|customer country
        returnLine.invoice:return number|invoice number ~0.6|return
        returnLine.returnedAt:return date|return time
        returnLine.quantity:return quantity
        inventoryPosition.quantity:stock quantity|stock|quantity stock|quantity of stock
        inventoryPosition.condition:condition|stock condition|stock status|stock type|stock category
        inventoryPosition.countedAt:count date|stock date|count time|date ~0.6|snapshot date|snapshot
        location.location:location number|warehouse number|location|warehouse|number ~0.45
        location.name:name|location name|warehouse name
        location.kind:location kind|location type|kind ~0.8|type ~0.6
        location.gln:gln|gln number
        location.street:street|street number
        location.city:city|city name
        location.postalCode:postal|postal number
        location.timeZone:zone|time zone
        location.latitude:latitude|lat
        location.longitude:longitude|lon|lng|long ~0.8
        location.capacity:capacity
        itemLocation.safetyStock:safety|safety stock|safety quantity
        itemLocation.reorderPoint:reorder|reorder level|reorder stock
        itemLocation.orderQuantity:order quantity|reorder quantity|order lot
        itemLocation.leadTime:lead|lead time|lead day
        itemLocation.slot:slot|pick location|slot number
        """
}
