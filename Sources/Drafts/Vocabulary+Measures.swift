extension Vocabulary {
    /// How much, when, and the sorts of value.
    static let measures = """
        quantity:quantity quantities qty quan menge mengen bestellmenge liefermenge anzahl stuck stuckzahl quantite qte cantidad cant ctd pieces pcs units count lfimg
        unit:unit uom um me einheit einheiten mengeneinheit unite unidad udm ud meins measureunit unitofmeasure meinh vrkme menee
        price:price prices preis preise prix precio precios pvp netpr vprei
        price+unit:stuckpreis einzelpreis preciounitario prixunitaire unitprice
        cost:cost costs kosten einstand einstands einstandspreis cout coste costo einkaufspreis supplycost purchaseprice
        amount:amount amounts betrag betrage montant importe wert valor value turnover umsatz ca netwr
        total:total totals sum summe gesamt extended
        currency:currency curr cur wahrung waers devise moneda divisa ccy curcy
        tax:tax taxes mwst vat ust tva iva steuer impuesto
        discount:discount rabatt remise descuento
        weight:weight gewicht bruttogewicht poids peso wgt grossweight brgew
        volume:volume volumen vol cbm cube
        length:length lange longueur longitud
        width:width breite largeur ancho
        height:height hohe hauteur altura
        distance:distance entfernung distanz distancia miles
        transit:transit transittime laufzeit fahrzeit airtime transporttime
        lead:leadtime wiederbeschaffung wiederbeschaffungszeit vorlauf vorlaufzeit lieferzeit delai plazo leadtimes plifz wbz
        hazardous:hazardous hazmat gefahrgut dangerous dangerousgoods peligroso dangereux adr matieredangereuse
        fragile:fragile zerbrechlich fragil
        stock:stock bestand bestande lagerbestand existencias inventario inventory stocks onhand onhandqty qtyonhand quantityonhand labst avail available verfugbar dispo availqty
        safety:safety safetystock sicherheitsbestand sicherheits securite seguridad mindestbestand
        reorder:reorder meldebestand bestellpunkt reappro reposicion rop reorderpoint
        capacity:capacity kapazitat capacite capacidad
        penalty:penalty ponale vertragsstrafe penalite penalidad
        confidence:confidence konfidenz confiance certainty
        floor:floor untergrenze
        notice:noticeperiod kundigungsfrist preavis preaviso
        category:category categories kategorie warengruppe produktgruppe categorie categoria group gruppe class klasse familie famille familia typ tipo matkl grupo groupe
        type:type art
        rate:rate rates tarif tarifa taux kurs tasa
        expire:expiry expire expires expiration exp mhd mindesthaltbarkeit haltbar haltbarkeit verfall verfalls peremption dluo dlc ddm caducidad vencimiento bestbefore bbd vfdat
        change:changed change updated update modified modif geandert anderung anderungsdatum actualizado modifie modificacion lastchanged aedat
        issue:issued created create creation erstellt angelegt erstell emission emitido creado cree issue sent gesendet
        sale:sale sales sold verkauf verkauft vente ventes venta ventas vendu
        begin:start starts begin begins beginn debut inicio
        finish:end ends ende fin until bis hasta
        valid:valid gultig gultigkeit effective vigente valide vigencia
        week:week woche semaine semana
        month:month monat mois mes
        year:year jahr annee ano
        expected+quantity:erwartetemenge
        weather:weather wetter meteo
        temperature:temp temperature temperatur
        humidity:humid humidity feuchte
        wind:wind gust
        rain:precip precipitation rain niederschlag pluie
        visibility:visib visibility sicht
        pressure:pressure luftdruck
        dew:dewp dewpoint
        picked:picked pick
        ordered:ordered bestellt commandee commandees pedida
        number:number numbers n no nr num nbr nro numero nummer id ids ident identifier identification key keys code codes cod codigo codigos ref reference referenz referencia referenznummer kennung kennz schlussel clave idnr docnum
        date:date dates datum dat fecha jour dia dt on termine datetime timestamp at
        day:day days tag tage jours dias
        time:time times zeit uhrzeit heure hora hour hr uhr
        name:name names nom nombre company firma name1 societe empresa
        text:description descriptions desc descr bezeichnung beschreibung text artikeltext kurztext libelle designation descripcion denominacion title titel titulo maktx arktx ktext long
        level:level levels niveau nivel point punkt
        of:of der des die das de du del la le les el los the per and und et y in un je par por sellers
        """
}
