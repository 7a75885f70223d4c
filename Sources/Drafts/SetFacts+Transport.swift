extension SetFacts {
    /// Load tenders and their answers, status and freight invoices of carriers, by X12.
    static let transportX12 = """
        # x12/204
        > shipment @ transactionSet
        shipment .95 B204
        carrier .95 B202
        orderNumber .75 L11[L1102=PO]/L1101 ?S5/L11[L1102=PO]/L1101 ?S5/OID02
        billOfLading .85 L11[L1102=BM]/L1101
        shipFrom .85 S5[S502=LD|CL|PL]/N1/N104 ?N1[N101=SF|SH]/N104 ?S5[S502=LD|CL|PL]/N1/N102
        shipTo .85 S5[S502=UL|CU|PU]/N1/N104 ?N1[N101=ST|CN]/N104 ?S5[S502=UL|CU|PU]/N1/N102
        shippedAt .8 S5[S502=LD|CL|PL]/G6202+G6204
        expectedAt .8 S5[S502=UL|CU|PU]/G6202+G6204
        weight .8 L301
        purpose .9 B2A01 {purpose}
        issuedAt .9 GS04+GS05
        # x12/990
        > transportEvent @ transactionSet
        carrier .96 B101
        shipment .96 B102
        status .9 B104 {tender}
        reason .8 V901
        occurredAt .85 B103 ?GS04+GS05
        # x12/214
        > transportEvent @ LX/AT7
        carrier .96 B1003
        shipment .96 B1001
        reference .95 B1002
        orderNumber .9 L11[L1102=PO]/L1101
        status .95 AT701 AT703
        reason .93 AT702 AT704
        occurredAt .96 AT705+AT706
        city .95 MS101
        region .95 MS102
        country .95 MS103
        # x12/210
        > freightCharge @ LX
        carrier .95 B311 ?GS02
        invoice .98 B302
        lineNumber .95 LX01
        shipment .9 B303
        trackingNumber .8 N9[N901=CN]/N902
        charge .85 L108 ?L502
        weight .8 L004
        amount .85 L104 {cents}
        currency .95 C301
        shippedOn .8 G62[G6201=86]/G6202 G62[G6201=11]/G6202 ?B312
        issuedAt .9 GS04+GS05
        """
}
