extension SetFacts {
    /// IDocs of SAP; `{root}` is the type as the sample has it.
    static let idocs = """
        # idoc/ORDERS05
        > order @ /{root}/IDOC
        orderNumber .97 E1EDK02[QUALF=001]/BELNR E1EDK01/BELNR
        customer .95 E1EDKA1[PARVW=AG]/PARTN ?E1EDKA1[PARVW=AG]/LIFNR
        shipTo .95 E1EDKA1[PARVW=WE]/PARTN ?E1EDKA1[PARVW=WE]/LIFNR
        shipToRegion .95 E1EDKA1[PARVW=WE]/REGIO
        orderedOn .93 E1EDK03[IDDAT=012]/DATUM ?E1EDK03[IDDAT=022]/DATUM ?E1EDK02[QUALF=001]/DATUM
        issuedAt .92 EDI_DC40/CREDAT+EDI_DC40/CRETIM
        promisedAt .93 E1EDK03[IDDAT=002]/DATUM+E1EDK03[IDDAT=002]/UZEIT ?E1EDP01/E1EDP20/EDATU
        purpose .9 E1EDK01/ACTION {purposeIDoc}
        carrier .9 E1EDKA1[PARVW=SP]/PARTN
        currency .97 E1EDK01/CURCY
        > orderLine @ /{root}/IDOC/E1EDP01
        orderNumber .99 =order.orderNumber
        lineNumber .97 POSEX {whole}
        item .93 E1EDP19[QUALF=002]/IDTNR ?E1EDP19[QUALF=003]/IDTNR
        customerItem .95 E1EDP19[QUALF=001]/IDTNR
        quantity .97 MENGE
        unitOfMeasure .97 MENEE
        unitPrice .75 VPREI
        issuedAt .95 =order.issuedAt
        # idoc/DELVRY07
        > shipment @ /{root}/IDOC/E1EDL20
        shipment .98 VBELN
        orderNumber .85 E1EDL24/VGBEL
        customer .85 E1ADRM1[PARTNER_Q=AG]/PARTNER_ID KUNAG ?E1EDL20/KUNNR ?KUNNR
        shipFrom .88 VSTEL
        shipTo .92 E1ADRM1[PARTNER_Q=WE]/PARTNER_ID KUNNR
        carrier .9 E1ADRM1[PARTNER_Q=SP]/PARTNER_ID
        billOfLading .9 BOLNR
        trackingNumber .8 TRAID
        shippedAt .88 E1EDT13[QUALF=006]/NTANF+E1EDT13[QUALF=006]/NTANZ ?E1EDL22/WADAT
        expectedAt .88 E1EDT13[QUALF=007]/NTANF+E1EDT13[QUALF=007]/NTANZ ?E1EDL22/LFDAT+E1EDL22/LFUHR
        weight .85 BTGEW
        volume .85 VOLUM
        packages .85 ANZPK
        issuedAt .92 ../EDI_DC40/CREDAT+../EDI_DC40/CRETIM
        > shipmentLine @ /{root}/IDOC/E1EDL20/E1EDL24
        shipment .99 =shipment.shipment
        orderNumber .95 VGBEL
        lineNumber .97 POSNR {whole}
        item .96 MATNR
        quantity .96 LFIMG
        unitOfMeasure .96 VRKME
        lot .95 CHARG
        expiresOn .9 VFDAT
        issuedAt .9 =shipment.issuedAt
        > package @ /{root}/IDOC/E1EDL20/E1EDL37
        package .93 EXIDV
        shipment .99 =shipment.shipment
        kind .6 VHART
        weight .85 BRGEW
        length .8 LAENG
        width .8 BREIT
        height .8 HOEHE
        # idoc/MATMAS05
        > item @ /{root}/IDOC/E1MARAM
        item .98 MATNR ?BISMT
        description .95 E1MAKTM[SPRAS_ISO=EN]/MAKTX E1MAKTM[SPRAS_ISO=DE]/MAKTX ?E1MAKTM/MAKTX
        category .95 MATKL
        unitCost .7 E1MBEWM/STPRS ?E1MBEWM/VERPR
        weight .9 BRGEW
        leadTime .85 E1MARCM/PLIFZ
        changedAt .85 LAEDA ?../EDI_DC40/CREDAT+../EDI_DC40/CRETIM
        > itemLocation @ /{root}/IDOC/E1MARAM/E1MARCM
        location .97 WERKS
        item .98 ../MATNR
        safetyStock .93 EISBE
        reorderPoint .93 MINBE
        orderQuantity .85 BSTFE ?BSTMI
        leadTime .93 PLIFZ
        """
}
