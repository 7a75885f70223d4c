extension SetFacts {
    /// What goes to and comes from warehouses, by X12: shipping orders and advices, receipts, adjustments, ship notices.
    static let warehouseX12 = """
        # x12/856
        > shipment @ transactionSet
        shipment .98 BSN02
        orderNumber .8 HL[HL03=S]/HL[HL03=O]/PRF01 ?HL/PRF01 ?HL[HL03=O]/PRF01
        customer .8 HL[HL03=S]/N1[N101=BY]/N104 HL[HL03=S]/N1[N101=BT]/N104 ?HL[HL03=S]/N1[N101=OB]/N104
        shipFrom .9 HL[HL03=S]/N1[N101=SF]/N104 ?HL[HL03=S]/N1[N101=SH]/N104 ?HL[HL03=S]/N1[N101=SF]/N102 ?HL/N1[N101=SF]/N104
        shipTo .9 HL[HL03=S]/N1[N101=ST]/N104 ?HL[HL03=S]/N1[N101=ST]/N102 ?HL/N1[N101=ST]/N104
        carrier .85 HL[HL03=S]/TD503 ?HL/TD503
        trackingNumber .85 HL[HL03=S]/REF[REF01=CN]/REF02 ?HL/REF[REF01=CN]/REF02
        billOfLading .9 HL[HL03=S]/REF[REF01=BM]/REF02 ?HL/REF[REF01=BM]/REF02
        shippedAt .9 HL[HL03=S]/DTM[DTM01=011]/DTM02+DTM03 DTM[DTM01=011]/DTM02+DTM03
        expectedAt .9 HL[HL03=S]/DTM[DTM01=017]/DTM02+DTM03 DTM[DTM01=017]/DTM02+DTM03 ?HL[HL03=S]/DTM[DTM01=067]/DTM02+DTM03
        weight .7 HL[HL03=S]/TD107
        packages .7 HL[HL03=S]/TD102
        purpose .95 BSN01 {purpose}
        issuedAt .93 BSN03+BSN04
        > package @ HL[HL03=T|P]
        package .9 MAN[MAN01=GM]/MAN02 ?MAN02
        shipment .98 BSN02
        kind .85 HL03 {level}
        trackingNumber .7 REF[REF01=CN]/REF02
        weight .7 TD107
        > shipmentLine @ HL[HL03=I]
        shipment .98 BSN02
        orderNumber .95 PRF01
        lineNumber .7 LIN01 ?SN101 ?HL01
        package .8 MAN[MAN01=GM]/MAN02
        item .9 LIN{VP} LIN{VN} LIN{SK} ?LIN{UP} ?LIN{UK} ?LIN{EN} ?LIN{BP} ?LIN{IN}
        quantity .97 SN102
        ordered .9 SN105
        unitOfMeasure .96 SN103
        lot .85 LIN{LT} REF[REF01=LT]/REF02
        expiresOn .85 DTM[DTM01=036]/DTM02
        issuedAt .9 BSN03+BSN04
        # x12/861
        > receiptLine @ RCD
        receipt .95 BRA01
        lineNumber .9 RCD01
        location .85 N1[N101=ST]/N104 N1[N101=WH]/N104
        shipment .8 REF[REF01=SI]/REF02 REF[REF01=BM]/REF02
        orderNumber .85 PRF01 REF[REF01=PO]/REF02
        supplier .85 N1[N101=SU]/N104 N1[N101=VN]/N104 N1[N101=SE]/N104
        item .9 LIN{VP} LIN{VN} LIN{SK} LIN{BP} ?LIN{UP} ?LIN{UK}
        quantity .95 RCD02
        unitOfMeasure .9 RCD03-1
        lot .85 LIN{LT} REF[REF01=LT]/REF02
        receivedAt .9 DTM[DTM01=050]/DTM02+DTM03 ?BRA02
        # x12/940
        > warehouseInstruction @ transactionSet
        instruction .98 W0502
        purpose .95 W0501 {purposeWarehouse}
        purchaseOrder .96 W0503
        shipFrom .9 N1[N101=SF]/N104 N1[N101=WH]/N104
        shipTo .93 N1[N101=ST]/N104 ?N1[N101=ST]/N102
        shipToName .95 N1[N101=ST]/N102
        carrier .85 W6610 ?W6605
        shipOn .93 G62[G6201=10]/G6202 ?G62[G6201=02]/G6202
        issuedAt .9 GS04+GS05
        > warehouseInstructionLine @ LX/W01
        instruction .99 =warehouseInstruction.instruction
        lineNumber .9 LX01
        item .9 W01{VN} W01{VP} W01{SK} ?W0103 ?W01{UP}
        quantity .97 W0101
        unitOfMeasure .96 W0102
        shipTo .9 =warehouseInstruction.shipTo
        carrier .9 =warehouseInstruction.carrier
        shipOn .9 =warehouseInstruction.shipOn
        issuedAt .9 =warehouseInstruction.issuedAt
        # x12/943
        > shipment @ transactionSet
        shipment .9 W0604 ?W0602
        orderNumber .8 W0602
        shipFrom .9 N1[N101=SF]/N104
        shipTo .9 N1[N101=ST]/N104 N1[N101=WH]/N104
        carrier .85 W2702
        shippedAt .85 W0603
        expectedAt .85 G62[G6201=17]/G6202
        weight .75 W0302
        packages .7 W0301
        issuedAt .9 GS04+GS05
        > shipmentLine @ W04
        shipment .99 =shipment.shipment
        orderNumber .8 W0602
        item .9 W04{04=VN} W04{04=VP} W04{04=SK} ?W0403
        quantity .97 W0401
        unitOfMeasure .96 W0402
        lot .9 N9[N901=LT]/N902
        issuedAt .9 =shipment.issuedAt
        # x12/944
        > receiptLine @ W07
        receipt .95 W1703
        location .9 N1[N101=WH]/N104 ?N1[N101=ST]/N104
        shipment .9 W1705
        orderNumber .85 W1704
        supplier .8 N1[N101=SF]/N104 N1[N101=VN]/N104
        item .9 W07{04=VN} W07{04=VP} W07{04=SK} ?W0703
        quantity .97 W0701
        unitOfMeasure .96 W0702
        lot .9 N9[N901=LT]/N902
        receivedAt .92 W1702
        # x12/945
        > shipment @ transactionSet
        shipment .9 W0604 ?W0602
        orderNumber .85 W0606 ?W0602
        shipFrom .9 N1[N101=SF]/N104 N1[N101=WH]/N104
        shipTo .93 N1[N101=ST]/N104 ?N1[N101=ST]/N102
        carrier .85 W2702
        trackingNumber .85 N9[N901=CN]/N902
        billOfLading .9 N9[N901=BM]/N902
        shippedAt .9 G62[G6201=11]/G6202 ?W0603
        weight .75 W0302
        packages .7 W0301
        issuedAt .9 GS04+GS05
        > shipmentLine @ LX/W12
        shipment .99 =shipment.shipment
        orderNumber .85 =shipment.orderNumber
        lineNumber .9 LX01
        package .85 MAN[MAN01=GM]/MAN02
        item .9 W12{07=VN} W12{07=VP} W12{07=SK} ?W1206
        quantity .97 W1203
        ordered .95 W1202
        unitOfMeasure .96 W1205
        lot .9 N9[N901=LT]/N902
        issuedAt .9 =shipment.issuedAt
        # x12/947
        > inventoryPosition @ W19
        location .85 N1[N101=WH]/N104
        item .9 W19{05=VN} W19{05=VP} W19{05=SK} ?W1904
        lot .9 N9[N901=LT]/N902
        condition .3 W1901
        quantity .4 W1902
        unitOfMeasure .95 W1903
        countedAt .85 W1501
        """
}
