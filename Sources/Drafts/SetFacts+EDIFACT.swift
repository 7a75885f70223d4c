extension SetFacts {
    /// Orders, answers, changes, invoices and forecasts of EDIFACT.
    static let ordersEDIFACT = """
        # edifact/ORDERS
        > order @ transactionSet
        orderNumber .99 BGM02
        customer .93 NAD[NAD01=BY]/NAD02-1 NAD[NAD01=OB]/NAD02-1 ?NAD[NAD01=IV]/NAD02-1
        shipTo .92 NAD[NAD01=DP]/NAD02-1 NAD[NAD01=ST]/NAD02-1 NAD[NAD01=CN]/NAD02-1
        orderedOn .95 DTM[DTM01-1=137]/DTM01-2 ?DTM[DTM01-1=4]/DTM01-2
        issuedAt .85 UNB04-1+UNB04-2
        promisedAt .9 DTM[DTM01-1=2]/DTM01-2 DTM[DTM01-1=69]/DTM01-2 DTM[DTM01-1=64]/DTM01-2 DTM[DTM01-1=63]/DTM01-2 DTM[DTM01-1=10]/DTM01-2 DTM[DTM01-1=358]/DTM01-2 ?LIN/DTM[DTM01-1=2]/DTM01-2 ?LIN/DTM[DTM01-1=69]/DTM01-2
        purpose .95 BGM03 {purposeEDIFACT}
        carrier .85 NAD[NAD01=CA]/NAD02-1 ?TDT/TDT05-1
        currency .97 CUX/CUX01-2
        > orderLine @ LIN
        orderNumber .99 =order.orderNumber
        lineNumber .98 LIN01
        item .9 PIA[PIA02-2=SA]/PIA02-1 PIA[PIA03-2=SA]/PIA03-1 LIN03-1
        customerItem .9 PIA[PIA02-2=IN|BP]/PIA02-1 PIA[PIA03-2=IN|BP]/PIA03-1
        quantity .97 QTY[QTY01-1=21]/QTY01-2 ?QTY01-2
        unitOfMeasure .96 QTY[QTY01-1=21]/QTY01-3
        unitPrice .93 PRI[PRI01-1=AAA]/PRI01-2 PRI[PRI01-1=AAB]/PRI01-2 ?PRI/PRI01-2
        issuedAt .9 =order.issuedAt
        # edifact/ORDRSP
        > orderChange @ LIN
        orderNumber .95 RFF[RFF01-1=ON]/RFF01-2
        change .95 BGM02
        lineNumber .95 LIN01
        kind .85 LIN02 {action}
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1
        quantity .9 QTY[QTY01-1=21]/QTY01-2 QTY[QTY01-1=113]/QTY01-2 QTY[QTY01-1=12]/QTY01-2 ?QTY01-2
        unitOfMeasure .9 QTY01-3
        unitPrice .9 PRI[PRI01-1=AAA]/PRI01-2 PRI[PRI01-1=AAB]/PRI01-2
        promisedAt .9 DTM[DTM01-1=67]/DTM01-2 DTM[DTM01-1=69]/DTM01-2 DTM[DTM01-1=2]/DTM01-2 DTM[DTM01-1=10]/DTM01-2
        reason .6 FTX[FTX01=AAI]/FTX04-1
        issuedAt .9 DTM[DTM01-1=137]/DTM01-2
        # edifact/ORDCHG
        > orderChange @ LIN
        orderNumber .9 RFF[RFF01-1=ON]/RFF01-2 ?BGM02
        change .9 BGM02
        lineNumber .95 LIN01
        kind .85 LIN02 {action}
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1
        quantity .93 QTY[QTY01-1=21]/QTY01-2 ?QTY01-2
        unitOfMeasure .93 QTY01-3
        unitPrice .9 PRI[PRI01-1=AAA]/PRI01-2 PRI[PRI01-1=AAB]/PRI01-2
        promisedAt .9 DTM[DTM01-1=2]/DTM01-2 DTM[DTM01-1=69]/DTM01-2 DTM[DTM01-1=64]/DTM01-2
        issuedAt .9 DTM[DTM01-1=137]/DTM01-2
        # edifact/INVOIC
        > invoiceLine @ LIN
        issuer .92 NAD[NAD01=SU]/NAD02-1 NAD[NAD01=SE]/NAD02-1 NAD[NAD01=II]/NAD02-1 ?UNB02-1
        invoice .99 BGM02
        lineNumber .97 LIN01
        orderNumber .93 RFF[RFF01-1=ON]/RFF01-2
        shipment .88 RFF[RFF01-1=DQ]/RFF01-2 RFF[RFF01-1=AAK]/RFF01-2
        customer .9 NAD[NAD01=IV]/NAD02-1 NAD[NAD01=BY]/NAD02-1
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1 ?PIA02-1
        quantity .97 QTY[QTY01-1=47]/QTY01-2 ?QTY01-2
        unitOfMeasure .93 QTY01-3
        unitPrice .92 PRI[PRI01-1=AAA]/PRI01-2 PRI[PRI01-1=AAB]/PRI01-2 ?PRI/PRI01-2
        amount .93 MOA[MOA01-1=203]/MOA01-2 ?MOA[MOA01-1=66]/MOA01-2
        tax .8 TAX/MOA[MOA01-1=124]/MOA01-2
        currency .95 CUX/CUX01-2
        issuedOn .95 DTM[DTM01-1=137]/DTM01-2 DTM[DTM01-1=3]/DTM01-2
        issuedAt .85 UNB04-1+UNB04-2
        # edifact/DELFOR
        > forecastLine @ LIN/QTY
        source .88 NAD[NAD01=BY]/NAD02-1 ?UNB02-1
        location .85 NAD[NAD01=DP]/NAD02-1 NAD[NAD01=ST]/NAD02-1 NAD[NAD01=CN]/NAD02-1 ?LOC[LOC01=11|7]/LOC02-1
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1
        startsOn .85 DTM[DTM01-1=64]/DTM01-2 DTM[DTM01-1=2]/DTM01-2 DTM[DTM01-1=10]/DTM01-2 DTM[DTM01-1=158]/DTM01-2
        endsOn .8 DTM[DTM01-1=63]/DTM01-2 DTM[DTM01-1=159]/DTM01-2
        quantity .93 QTY01-2
        unitOfMeasure .93 QTY01-3
        commitment .85 SCC01 {commitmentEDIFACT}
        issuedAt .9 DTM[DTM01-1=137]/DTM01-2
        """

    /// Despatch, receipts, stock, sales and transport of EDIFACT.
    static let movementsEDIFACT = """
        # edifact/DESADV
        > shipment @ transactionSet
        shipment .98 BGM02
        orderNumber .9 RFF[RFF01-1=ON]/RFF01-2
        customer .9 NAD[NAD01=BY]/NAD02-1
        shipFrom .85 NAD[NAD01=SF]/NAD02-1 NAD[NAD01=CZ]/NAD02-1 ?NAD[NAD01=SU]/NAD02-1
        shipTo .92 NAD[NAD01=DP]/NAD02-1 NAD[NAD01=ST]/NAD02-1 NAD[NAD01=CN]/NAD02-1
        carrier .85 NAD[NAD01=CA]/NAD02-1 ?TDT/TDT05-1
        billOfLading .85 RFF[RFF01-1=BM]/RFF01-2
        shippedAt .92 DTM[DTM01-1=11]/DTM01-2
        expectedAt .9 DTM[DTM01-1=17]/DTM01-2 DTM[DTM01-1=132]/DTM01-2 DTM[DTM01-1=2]/DTM01-2 DTM[DTM01-1=191]/DTM01-2 ?DTM[DTM01-1=358]/DTM01-2
        weight .75 MEA[MEA02-1=AAD|G]/MEA03-2
        purpose .93 BGM03 {purposeEDIFACT}
        issuedAt .92 DTM[DTM01-1=137]/DTM01-2
        > package @ CPS/PAC/PCI
        package .9 GIN[GIN01=BJ|AW]/GIN02-1 ?GIN02-1
        shipment .98 BGM02
        kind .85 PAC03-1 {packaging}
        > shipmentLine @ CPS/LIN
        shipment .99 =shipment.shipment
        orderNumber .9 RFF[RFF01-1=ON]/RFF01-2
        lineNumber .96 LIN01
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1
        quantity .97 QTY[QTY01-1=12]/QTY01-2 ?QTY01-2
        ordered .93 QTY[QTY01-1=21]/QTY01-2
        unitOfMeasure .93 QTY01-3
        lot .85 PIA[PIA02-2=NB]/PIA02-1 GIN[GIN01=BX]/GIN02-1 RFF[RFF01-1=BT]/RFF01-2
        expiresOn .88 DTM[DTM01-1=361]/DTM01-2 DTM[DTM01-1=36]/DTM01-2
        issuedAt .9 =shipment.issuedAt
        # edifact/RECADV
        > receiptLine @ CPS/LIN
        receipt .95 BGM02
        lineNumber .95 LIN01
        location .88 NAD[NAD01=DP]/NAD02-1 NAD[NAD01=ST]/NAD02-1 ?NAD[NAD01=BY]/NAD02-1
        shipment .9 RFF[RFF01-1=AAK]/RFF01-2 RFF[RFF01-1=DQ]/RFF01-2 RFF[RFF01-1=ALO]/RFF01-2
        orderNumber .9 RFF[RFF01-1=ON]/RFF01-2 RFF[RFF01-1=VN]/RFF01-2
        supplier .9 NAD[NAD01=SU]/NAD02-1 NAD[NAD01=SE]/NAD02-1
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1 ?PIA02-1
        quantity .93 QTY[QTY01-1=48]/QTY01-2 QTY[QTY01-1=194]/QTY01-2 ?QTY01-2
        expected .88 QTY[QTY01-1=12]/QTY01-2 QTY[QTY01-1=21]/QTY01-2
        unitOfMeasure .93 QTY01-3
        lot .88 RFF[RFF01-1=BT]/RFF01-2 PIA[PIA02-2=NB]/PIA02-1
        expiresOn .88 DTM[DTM01-1=36]/DTM01-2 DTM[DTM01-1=361]/DTM01-2
        receivedAt .9 DTM[DTM01-1=50]/DTM01-2 ?DTM[DTM01-1=137]/DTM01-2
        # edifact/INVRPT
        > inventoryPosition @ LIN/QTY
        location .85 NAD[NAD01=WH]/NAD02-1 NAD[NAD01=GY]/NAD02-1 NAD[NAD01=ST]/NAD02-1 NAD[NAD01=BY]/NAD02-1 ?LOC/LOC02-1
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1
        lot .85 PIA[PIA02-2=NB]/PIA02-1 RFF[RFF01-1=BT]/RFF01-2
        condition .8 QTY01-1 {stockEDIFACT}
        quantity .96 QTY01-2
        unitOfMeasure .93 QTY01-3
        expiresOn .85 DTM[DTM01-1=361]/DTM01-2 DTM[DTM01-1=36]/DTM01-2
        countedAt .88 DTM[DTM01-1=366]/DTM01-2 DTM[DTM01-1=179]/DTM01-2 ?DTM[DTM01-1=137]/DTM01-2
        # edifact/SLSRPT
        > salesLine @ LOC/LIN/QTY
        invoice .7 BGM02
        lineNumber .8 LIN01
        item .9 PIA[PIA02-2=SA]/PIA02-1 LIN03-1
        customer .75 LOC02-1 ?NAD[NAD01=BY]/NAD02-1
        quantity .95 QTY01-2
        unitPrice .85 PRI01-2
        amount .8 MOA01-2
        soldAt .85 DTM[DTM01-1=356]/DTM01-2 DTM[DTM01-1=90]/DTM01-2 ?DTM[DTM01-1=137]/DTM01-2
        # edifact/IFTMIN
        > shipment @ transactionSet
        shipment .93 BGM02
        orderNumber .8 RFF[RFF01-1=ON]/RFF01-2 ?GID/RFF[RFF01-1=ON]/RFF01-2
        customer .75 NAD[NAD01=CN]/NAD02-1
        shipFrom .85 NAD[NAD01=CZ]/NAD02-1 NAD[NAD01=SF]/NAD02-1 ?NAD[NAD01=PW]/NAD02-1 ?NAD[NAD01=CZ]/NAD04-1
        shipTo .85 NAD[NAD01=DP]/NAD02-1 NAD[NAD01=ST]/NAD02-1 NAD[NAD01=CN]/NAD02-1 ?NAD[NAD01=CN]/NAD04-1
        carrier .9 NAD[NAD01=CA]/NAD02-1 ?TDT/TDT05-1
        trackingNumber .7 RFF[RFF01-1=CN|AAM]/RFF01-2
        billOfLading .85 RFF[RFF01-1=BM]/RFF01-2
        shippedAt .85 DTM[DTM01-1=200]/DTM01-2 DTM[DTM01-1=133]/DTM01-2 DTM[DTM01-1=234]/DTM01-2 ?TDT/DTM[DTM01-1=133]/DTM01-2
        expectedAt .85 DTM[DTM01-1=2]/DTM01-2 DTM[DTM01-1=17]/DTM01-2 DTM[DTM01-1=132]/DTM01-2 DTM[DTM01-1=64]/DTM01-2
        weight .8 CNT[CNT01-1=7]/CNT01-2
        packages .85 CNT[CNT01-1=11|8]/CNT01-2
        purpose .9 BGM03 {purposeEDIFACT}
        issuedAt .92 DTM[DTM01-1=137]/DTM01-2 ?UNB04-1+UNB04-2
        # edifact/IFTMBF
        > shipment @ transactionSet
        shipment .9 BGM02
        orderNumber .75 RFF[RFF01-1=ON]/RFF01-2
        customer .7 NAD[NAD01=CN]/NAD02-1
        shipFrom .85 NAD[NAD01=CZ]/NAD02-1 NAD[NAD01=SF]/NAD02-1 ?TDT/LOC[LOC01=9]/LOC02-1 ?LOC[LOC01=9|88]/LOC02-1
        shipTo .85 NAD[NAD01=CN]/NAD02-1 ?TDT/LOC[LOC01=11]/LOC02-1 ?LOC[LOC01=11|7]/LOC02-1
        carrier .88 NAD[NAD01=CA]/NAD02-1 ?TDT/TDT05-1
        billOfLading .8 RFF[RFF01-1=BM]/RFF01-2
        shippedAt .8 DTM[DTM01-1=133]/DTM01-2 TDT/DTM[DTM01-1=133]/DTM01-2 TDT/LOC/DTM[DTM01-1=133]/DTM01-2
        expectedAt .8 DTM[DTM01-1=132]/DTM01-2 TDT/DTM[DTM01-1=132]/DTM01-2 TDT/LOC/DTM[DTM01-1=132]/DTM01-2
        packages .8 CNT[CNT01-1=11|8]/CNT01-2
        purpose .9 BGM03 {purposeEDIFACT}
        issuedAt .92 DTM[DTM01-1=137]/DTM01-2 ?UNB04-1+UNB04-2
        # edifact/IFTSTA
        > transportEvent @ CNI/STS
        carrier .85 NAD[NAD01=CA]/NAD02-1 ?NAD[NAD01=MS]/NAD02-1 ?UNB02-1
        shipment .88 CNI02-1 ?RFF[RFF01-1=CN|BM|AAM]/RFF01-2 ?BGM02
        reference .85 RFF[RFF01-1=CU|SRN|ACD]/RFF01-2
        orderNumber .85 RFF[RFF01-1=ON]/RFF01-2
        status .93 STS02-1 ?STS01-1
        reason .88 STS03-1
        occurredAt .9 DTM[DTM01-1=334]/DTM01-2 DTM[DTM01-1=7]/DTM01-2 DTM[DTM01-1=78]/DTM01-2 DTM[DTM01-1=310]/DTM01-2 ?DTM01-2
        city .8 LOC02-4
        """
}
