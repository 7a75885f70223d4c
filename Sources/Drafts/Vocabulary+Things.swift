extension Vocabulary {
    /// Who, what, where, and documents.
    static let things = """
        order:order orders ord bestellung bestellungen bestell best auftrag auftrage auftrags commande commandes cde cmde pedido pedidos orden ordenes po so purchaseorder salesorder customerorder kundenauftrag kaufauftrag ebeln vbeln belnr bstkd
        item+number:artnr artikelnr artno codart
        order+number:pono ponumber ponum orderno belegnummer auftragsnr
        customer:customer customers cust kunde kunden kdnr debitor abnehmer besteller acheteur cliente clientes clients comprador buyer soldto billto account acct consumer kunnr auftraggeber buyerpartycode
        client:client mandant depositor einlagerer
        supplier:supplier suppliers supp vendor vendors lieferant lieferanten kreditor fournisseur fournisseurs proveedor proveedores lifnr
        carrier:carrier carriers spediteur spediteure spedition frachtfuhrer transporteur transporteurs transportista transportistas scac airline airlines shipper shippers shipvia versandart
        party:party partner partei tiers partnerid
        item:item items sku skus article articles artikel articulo articulos product products produkt produkte producto productos prod part parts material materials mat matnr idtnr pieza produit produits stockcode teil teile
        gtin:gtin ean upc barcode strichcode codebarre
        maker:manufacturer mfgr mfr hersteller fabricant fabricante brand marke marque marca
        location:location locations loc standort lokation site sites werk werke plant plants store stores filiale filialen lieu emplacement ubicacion tienda depot depots werks airport airports faa iata facility branch sucursal
        warehouse:warehouse warehouses whse wh lager lagerort lgort almacen entrepot magasin bodega deposito
        lane:lane lanes relation route routes strecke trajet ruta
        ship:ship shipped shipping versand versandt expedition expedie envoi envio envios enviado dispatch despatch dispatched despatched expedido expedicion
        shipment:shipment shipments sendung sendungen consignment lieferschein lieferscheine deliverynote bordereau albaran remito flight flights
        deliver:delivery deliveries deliver delivered liefer lieferung lieferungen livraison livraisons livre entrega entregas entregado zustell zustellung livrer delivdate
        promise:promised promise required req requested request wunsch wunschtermin termin zugesagt confirmed confirm bestatigt souhaite souhaitee deseado deseada requerida requerido due fallig commit committed commitment needby besoin faelligkeit falligkeit convenu prometida
        promise+date:liefertermin duedate needbydate
        deliver+date:lieferdatum datelivraison fechaentrega edatu
        expected:expected erwartet estimated prevu prevue prevista previsto estimada scheduled sched geplant
        expected+date:eta ets etd
        receive:receipt receipts received receive wareneingang eingang we reception recu recue recepcion recibido goodsreceipt grn
        invoice:invoice invoices inv rechnung rechnungen rechnungs facture factures factura facturas bill billing faktura invoiced vbrk
        return:return returns returned retoure retouren rucksendung retour retours devolucion devoluciones gutschrift avoir credit creditnote rma
        forecast:forecast forecasts prognose prognosen prevision previsions pronostico demand bedarf besoins planned delfor
        instruction:instruction instructions anweisung anweisungen lieferauftrag pickorder instruccion
        contract:contract contracts vertrag vertrage contrat contrats contrato contratos agreement
        package:package packages parcel parcels carton cartons karton kartons pallet pallets palette paletten sscc colis paquete bulto bultos packstuck lpn handlingunit exidv nve licenseplate
        container:container containers conteneur contenedor
        line:line lines position pos posnr posex posten zeile zeilen ligne lignes linea lineas row linenumber lineno lfdnr renglon ebelp
        charge:charge charges fee fees gebuhr frais cargo cargos surcharge
        freight:freight fracht fret flete
        tracking:tracking trackingnumber sendungsnummer sendungsverfolgung pro awb waybill suivi seguimiento trackandtrace
        lading:bol billoflading lading frachtbrief konossement connaissement
        container+number:containerno
        exchange:exchange fx wechsel devisenkurs
        base:base basis
        quote:quote quoted
        event:event events ereignis evenement evento
        status:status statut estado stat zustand
        condition:condition quality qualitat bestandsart stocktype
        reason:reason grund motif motivo cause begrundung delayreason
        purpose:purpose zweck action
        priority:priority prioritat priorite prioridad urgency dringlichkeit rush prio urgent express
        tier:tier mktsegment kundenklasse abc rang classification
        kind:kind
        source:source quelle fuente provider
        subject:subject
        headline:headline schlagzeile alert warning
        lot:lot lote lots batch batches chargen chargennummer charg partida
        buyer:buyers
        employee:employee clerk mitarbeiter sachbearbeiter salesperson seller verkaufer employe
        contact:contact contacts ansprechpartner phone fax telefon telephone telefono email mail homepage url www
        remark:comment comments remark remarks note notes bemerkung bemerkungen kommentar hinweis commentaire observaciones observacion picture photo
        street:street strasse str rue calle address adresse direccion addr anschrift stras
        city:city stadt ort ville ciudad town ort01 poblacion
        postal:postal zip zipcode plz postleitzahl postcode postalcode codepostal codigopostal pstlz cp
        country:country countries land pays pais nation ctry land1
        region:region regions state states bundesland provincia province departement regio county territory
        zone:timezone tz zeitzone zone
        gln:gln iln globallocationnumber
        lane+from:lanefrom
        from:from origin orig von ab absender origen desde depart departure dep abgang sender herkunft
        to:to dest destination destino ziel nach an destinataire destinatario empfanger consignee warenempfanger arrival arr receiver versandan
        mode:mode modus verkehrstrager transportart moyen modo shipmode
        service:service servicelevel
        """
}
