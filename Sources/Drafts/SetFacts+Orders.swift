extension SetFacts {
    /// Orders, their answers and changes, invoices and forecasts of X12.
    static let ordersX12 = """
        # x12/850
        > order @ transactionSet
        orderNumber .99 BEG03
        customer .9 N1[N101=BY]/N104 N1[N101=BT]/N104 N1[N101=SO]/N104 N1[N101=OB]/N104 ?N1[N101=BY]/N102 ?N1[N101=BT]/N102
        shipTo .9 N1[N101=ST]/N104 ?N1[N101=ST]/N102
        shipToRegion .95 N1[N101=ST]/N402
        orderedOn .97 BEG05
        issuedAt .9 GS04+GS05
        promisedAt .9 DTM[DTM01=002]/DTM02+DTM03 DTM[DTM01=067]/DTM02+DTM03 DTM[DTM01=010]/DTM02+DTM03 DTM[DTM01=106]/DTM02+DTM03 DTM[DTM01=063]/DTM02+DTM03 ?PO1/DTM[DTM01=002]/DTM02+DTM03 ?PO1/DTM[DTM01=010]/DTM02+DTM03
        purpose .95 BEG01 {purpose}
        carrier .8 TD503 ?TD505
        currency .97 CUR02
        > orderLine @ PO1
        orderNumber .99 =order.orderNumber
        lineNumber .98 PO101
        item .9 PO1{VP} PO1{VN} PO1{VA} PO1{SK} PO1{MG} ?PO1{UP} ?PO1{UK} ?PO1{EN} ?PO1{UA} ?PO1{UI}
        customerItem .9 PO1{BP} PO1{IN} PO1{PI} PO1{CB}
        quantity .98 PO102
        unitOfMeasure .97 PO103
        unitPrice .96 PO104
        issuedAt .95 =order.issuedAt
        # x12/855
        > orderChange @ PO1/ACK
        orderNumber .97 BAK03
        change .7 BAK08 ?ST02
        lineNumber .96 PO101
        kind .9 ACK01 {acknowledged}
        item .9 PO1{VP} PO1{VN} PO1{SK} ?PO1{UP} ?PO1{UK} ?PO1{EN} ?PO1{BP}
        quantity .95 ACK02 ?PO102
        unitOfMeasure .95 ACK03 ?PO103
        unitPrice .9 PO104
        promisedAt .85 ACK05 ?DTM[DTM01=067]/DTM02 ?DTM[DTM01=017]/DTM02
        issuedAt .8 GS04+GS05
        # x12/860
        > orderChange @ POC
        orderNumber .97 BCH03
        change .85 BCH05 ?BCH04 ?ST02
        lineNumber .96 POC01
        kind .9 POC02 {changed}
        item .9 POC{08=VP} POC{08=VN} POC{08=SK} ?POC{08=UP} ?POC{08=UK} ?POC{08=BP}
        quantity .9 POC03
        unitOfMeasure .9 POC05-1
        unitPrice .9 POC06
        promisedAt .8 DTM[DTM01=002]/DTM02+DTM03 DTM[DTM01=010]/DTM02+DTM03
        issuedAt .85 GS04+GS05
        # x12/810
        > invoiceLine @ IT1
        issuer .85 N1[N101=SE]/N104 N1[N101=SU]/N104 N1[N101=VN]/N104 N1[N101=RI]/N104 N1[N101=RE]/N104 ?GS02
        invoice .99 BIG02
        lineNumber .95 IT101
        orderNumber .97 BIG04
        shipment .7 REF[REF01=SI]/REF02 REF[REF01=BM]/REF02
        customer .9 N1[N101=BT]/N104 N1[N101=BY]/N104 ?N1[N101=BT]/N102 ?N1[N101=BY]/N102
        item .9 IT1{VP} IT1{VN} IT1{SK} ?IT1{UP} ?IT1{UK} ?IT1{EN} ?IT1{UA} ?IT1{BP} ?IT1{IN}
        quantity .98 IT102
        unitOfMeasure .97 IT103
        unitPrice .96 IT104
        currency .97 CUR02
        issuedOn .98 BIG01
        issuedAt .85 GS04+GS05
        # x12/846
        > inventoryPosition @ LIN/QTY
        location .9 N1[N101=WH]/N104 N1[N101=SF]/N104 N1[N101=ST]/N104 ?N1[N101=WH]/N102 ?N1/N104
        item .9 LIN{VP} LIN{VN} LIN{SK} ?LIN{UP} ?LIN{UK} ?LIN{EN} ?LIN{BP} ?LIN{IN}
        lot .9 LIN{LT}
        condition .85 QTY01 {stock}
        quantity .98 QTY02
        unitOfMeasure .95 QTY03-1
        expiresOn .85 DTM[DTM01=036]/DTM02
        countedAt .9 BIA04+BIA05 ?GS04+GS05
        # x12/852
        > inventoryPosition @ LIN/ZA[ZA01=QA|QP|QH]
        location .85 N1[N101=ST]/N104 N1[N101=SN]/N104 N1[N101=WH]/N104 ?N1[N101=RL]/N104
        item .9 LIN{VP} LIN{VN} ?LIN{UP} ?LIN{UK} ?LIN{EN} ?LIN{IN}
        condition .8 ZA01 {stock}
        quantity .95 ZA02
        unitOfMeasure .9 ZA03-1
        countedAt .8 XQ03 ?XQ02
        > salesLine @ LIN/ZA[ZA01=QS]
        invoice .4 ST02
        lineNumber .6 LIN01
        item .9 LIN{VP} LIN{VN} ?LIN{UP} ?LIN{UK} ?LIN{EN} ?LIN{IN}
        customer .7 N1[N101=ST]/N104 N1[N101=SN]/N104 ?N1[N101=RL]/N104
        quantity .95 ZA02
        unitPrice .6 CTP03
        soldAt .8 XQ03 ?XQ02
        # x12/830
        > forecastLine @ LIN/FST
        source .85 N1[N101=BY]/N104 N1[N101=MI]/N104 N1[N101=16]/N104 ?GS02
        location .85 N1[N101=ST]/N104
        item .9 LIN{VP} LIN{VN} LIN{BP} LIN{IN} ?LIN{PN} ?LIN{UP}
        startsOn .95 FST04
        endsOn .9 FST05
        quantity .97 FST01
        unitOfMeasure .95 UIT01-1
        commitment .85 FST02 {commitment}
        issuedAt .85 GS04+GS05
        # x12/862
        > forecastLine @ LIN/FST
        source .8 N1[N101=BY]/N104 N1[N101=MI]/N104 N1[N101=16]/N104 ?GS02
        location .85 N1[N101=ST]/N104
        item .9 LIN{VP} LIN{VN} LIN{BP} LIN{IN} ?LIN{PN} ?LIN{UP}
        startsOn .95 FST04
        quantity .97 FST01
        unitOfMeasure .95 UIT01-1
        commitment .8 FST02 {commitment}
        issuedAt .85 GS04+GS05
        """
}
