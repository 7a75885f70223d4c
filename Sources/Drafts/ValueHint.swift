/// What values say of themselves, whatever their column is called.
enum ValueHint: Hashable {
    /// GS1 numbers with a right check digit: 8, 12, 13 or 14 digits.
    case gtin
    /// 18 digits with a right check digit.
    case sscc
    /// ISO 4217
    case currency
    /// ISO 3166 alpha-2
    case country
    /// UN/ECE recommendation 20 and its customary neighbours
    case unit

    /// What all of some values are.
    static func of(_ values: [String]) -> Set<ValueHint> {
        guard !values.isEmpty else { return [] }
        let some = values.prefix(200)
        var hints: Set<ValueHint> = []
        if some.allSatisfy({ [8, 12, 13, 14].contains($0.utf8.count) && hasCheckDigit($0) }) { hints.insert(.gtin) }
        if some.allSatisfy({ $0.utf8.count == 18 && hasCheckDigit($0) }) { hints.insert(.sscc) }
        if some.allSatisfy({ currencies.contains($0) }) { hints.insert(.currency) }
        if some.allSatisfy({ countries.contains($0) }) { hints.insert(.country) }
        if some.allSatisfy({ units.contains($0.uppercased()) }) { hints.insert(.unit) }
        return hints
    }

    /// GS1 General Specifications, 7.9: digits from the right weigh 3 and 1 in turn, the check digit itself 1.
    static func hasCheckDigit(_ text: String) -> Bool {
        var sum = 0
        for (index, byte) in text.utf8.reversed().enumerated() {
            guard byte &- 48 < 10 else { return false }
            sum += Int(byte &- 48) * (index % 2 == 0 ? 1 : 3)
        }
        return sum > 0 && sum % 10 == 0
    }

    private static let currencies = words("""
        AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HRK HUF IDR ILS INR ISK JOD JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK
        NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND XAF XOF ZAR
        """)
    private static let countries = words("""
        AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO
        DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW
        KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR
        PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN
        VU WS YE ZA ZM ZW
        """)
    private static let units = words("""
        EA PCE PC PCS ST STK C62 H87 CS CT CTN BX BOX KAR PL PAL PF PX PK PA CA DZ DZN DZ KG KGM G GR GRM TNE T LB LBS LBR OZ ONZ L LT LTR ML MLT M MTR
        CM CMT MM MMT M2 MTK M3 MTQ FT FOT IN INH YD YRD GA GLL PR SET HUR HR DAY UN UND UNI BG BAG DR RO ROL KT KIT TB BO BOT CN CAN PAK
        """)

    private static func words(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }
}
