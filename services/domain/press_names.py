"""What the press calls the listed companies, and what only sounds like one of them; as data for ``tying``."""

import re
from collections.abc import Mapping

from services.domain.letters import words

# Names that mean the company wherever they stand with capitals. Nothing here is a person, a town, a group or a parent.
SURE: Mapping[str, tuple[str, ...]] = {
    "ABL": ("allied bank",), "ABOT": ("abbott pakistan", "abbott laboratories pakistan"), "ACPL": ("attock cement",),
    "AGP": ("agp limited", "agp ltd"), "AGTL": ("al ghazi tractors",), "AHCL": ("arif habib corp", "arif habib corporation"),
    "AICL": ("adamjee insurance",), "AIRLINK": ("air link communication", "airlink communication", "airlink"),
    "AKBL": ("askari bank",), "APL": ("attock petroleum",), "ASL": ("aisha steel",), "ASTL": ("amreli steels", "amreli steel"),
    "ATLH": ("atlas honda",), "ATRL": ("attock refinery",), "AVN": ("avanceon",), "BAFL": ("bank alfalah", "bank al falah"),
    "BAHL": ("bank al habib", "bank alhabib"), "BIPL": ("bankislami", "bank islami"), "BML": ("bank makramah",),
    "BOK": ("bank of khyber",), "BOP": ("bank of punjab",), "BWCL": ("bestway cement",), "CHCC": ("cherat cement",),
    "CNERGY": ("cnergyico", "byco"), "COLG": ("colgate palmolive pakistan",), "CPHL": ("citi pharma",),
    "DCR": ("dolmen city reit",), "DGKC": ("dg khan cement", "d g khan cement", "dgk cement"),
    "EFERT": ("engro fertilizers", "engro fertilizer", "engro fertilisers", "engro fertiliser"),
    "ENGROH": ("engro holdings", "engro corp", "engro corporation", "dawood hercules"),
    "EPCL": ("engro polymer", "engro polymer and chemicals", "engro polymer chemicals"),
    "EPQL": ("engro powergen qadirpur",), "FABL": ("faysal bank",), "FATIMA": ("fatima fertilizer", "fatima fertiliser"),
    "FCCL": ("fauji cement",), "FCEPL": ("frieslandcampina engro", "friesland campina engro"), "FEROZ": ("ferozsons",),
    "FFC": ("fauji fertilizer", "fauji fertiliser"), "FFL": ("fauji foods",), "GAL": ("ghandhara automobiles",),
    "GATM": ("gul ahmed textile",), "GHGL": ("ghani glass",), "GHNI": ("ghandhara industries",),
    "GLAXO": ("gsk pakistan", "glaxosmithkline pakistan"), "GTYR": ("ghandhara tyre",), "HALEON": ("haleon pakistan",),
    "HASCOL": ("hascol",), "HBL": ("habib bank",), "HCAR": ("honda atlas", "honda atlas cars"), "HINOON": ("highnoon",),
    "HMB": ("habib metro", "habibmetro", "habib metropolitan", "habib metropolitan bank", "habib metro bank"),
    "HUBC": ("hubco", "hub power"), "ILP": ("interloop",), "INDU": ("indus motor", "indus motors"),
    "ISL": ("international steels limited", "international steels ltd"), "JSBL": ("js bank",), "JVDC": ("javedan",),
    "KAPCO": ("kapco", "kot addu power"), "KEL": ("k electric", "kelectric"), "KOHC": ("kohat cement",),
    "KTML": ("kohinoor textile",), "LCI": ("lucky core", "ici pakistan"), "LOTCHEM": ("lotte chemical pakistan",),
    "LUCK": ("lucky cement",), "MARI": ("mari petroleum", "mari energies"), "MCB": ("mcb bank", "muslim commercial bank"),
    "MEBL": ("meezan bank",), "MLCF": ("maple leaf cement",), "MTL": ("millat tractors",), "MUGHAL": ("mughal steel", "mughal iron"),
    "MUREB": ("murree brewery",), "NBP": ("national bank of pakistan",), "NCL": ("nishat chunian",), "NCPL": ("nishat chunian power",),
    "NESTLE": ("nestle pakistan",), "NETSOL": ("netsol",), "NML": ("nishat mills",), "NPL": ("nishat power",),
    "OCTOPUS": ("octopus digital",), "OGDC": ("ogdcl", "oil and gas development company", "oil gas development company"),
    "PABC": ("pakistan aluminium beverage cans", "pakistan aluminium beverage"), "PAEL": ("pak elektron",),
    "PIBTL": ("pakistan international bulk terminal",), "PIOC": ("pioneer cement",), "PNSC": ("pakistan national shipping",),
    "POL": ("pakistan oilfields",), "PSO": ("pakistan state oil",), "PTC": ("ptcl", "pakistan telecommunication company"),
    "PTL": ("panther tyres",), "PAKT": ("pakistan tobacco company", "pakistan tobacco"), "PKGS": ("packages limited", "packages ltd"),
    "PPL": ("pakistan petroleum limited", "pakistan petroleum ltd"), "PRL": ("pakistan refinery limited", "pakistan refinery ltd"),
    "SAZEW": ("sazgar",), "SCBPL": ("standard chartered bank pakistan", "standard chartered pakistan"), "SEARL": ("searle",),
    "SHFA": ("shifa international",), "SNBL": ("soneri bank",), "SNGP": ("sngpl", "sui northern", "sui northern gas"),
    "SRVI": ("service industries limited", "service industries ltd"), "SSGC": ("ssgcl", "sui southern", "sui southern gas"),
    "SYS": ("systems limited", "systems ltd"), "TGL": ("tariq glass",), "THALL": ("thal limited", "thal ltd"),
    "THCCL": ("thatta cement",), "TOMCL": ("organic meat company",), "TREET": ("treet corporation", "treet corp"),
    "TRG": ("trg pakistan",), "UBL": ("united bank limited", "united bank ltd"), "UNITY": ("unity foods",),
    "UPFL": ("unilever pakistan foods",), "WAFI": ("wafi energy", "shell pakistan"), "WTL": ("worldcall",),
}  # fmt: skip

# Companies whose names are ordinary words: capitals in the middle of a sentence, or a firm's verb after them, must show it.
LOOSE: Mapping[str, tuple[str, ...]] = {
    "PPL": ("pakistan petroleum",), "PRL": ("pakistan refinery",), "NRL": ("national refinery",), "NATF": ("national foods",),
    "ISL": ("international steels",), "INIL": ("international industries",), "POWER": ("power cement",), "SRVI": ("service industries",),
    "ENGROH": ("engro",), "PAKT": ("pakistan tobacco",), "GATM": ("gul ahmed",),
}  # fmt: skip

# Longer names that begin like a company and are another body; the longest name counts.
OTHERS: tuple[str, ...] = (
    "lucky motor", "lucky motors", "lucky electric", "lucky electric power", "lucky commodities", "attock oil", "attock group", "attock gen",
    "fauji fertilizer bin qasim", "fauji fertiliser bin qasim", "fauji foundation", "engro foundation", "engro enfrashare", "engro vopak",
    "engro elengy", "engro eximp", "engro energy", "engro connect", "engro powergen thar", "hbl psl", "hbl microfinance", "hbl asset",
    "hbl growth", "hbl investment", "hbl zarai", "ubl fund", "ubl funds", "ubl sports", "ubl arena", "mcb islamic", "mcb group", "mcb funds", "mcb investment",
    "mcb arif habib", "mcb ah", "mcb limited", "nbp funds", "nbp fund", "nbp sports", "habib bank ag", "habib bank ag zurich", "habib bank zurich", "allied bank philippines",
    "united bank for africa", "united bank limited tanzania", "bank alfalah securities", "pakistan petroleum dealers", "pakistan petroleum exploration",
    "pakistan petroleum information", "pakistan tobacco board", "pakistan telecommunication authority", "meezan bank stadium",
    "sui northern employees", "shell pakistan lubricants house", "searle foundation", "ptcl employees cooperative", "faysal bank t20",
    "first habib bank", "al meezan", "js bank cup", "askari bank cup", "standard chartered pakistan marathon", "nishat power plant road",
    "national foods security", "national foods policy", "pso house chowrangi", "pakistan refinery policy", "allied bank workers",
)  # fmt: skip

# Tickers that are also words, other bodies' initials or foreign companies: (must also be there, must not be there).
_FIRM = (
    r"profits?|loss(?:es)?|earnings|dividends?|payout|eps|pat|shares?|scrip|board|agm|results?|bonus|rights? issue|split"
    r"|buy-?back|posts|declares|announces|reports|acquires|acquisition|stake|sukuk|ceo|upper (?:circuit|limits?)"
)
FIRM = re.compile(rf"\b(?:{_FIRM}|revenues?|sales|merger|subsidiary|contract|shareholders)\b", re.IGNORECASE)
CAREFUL: Mapping[str, tuple[str, str]] = {
    "POL": (rf"{_FIRM}|ogdcl?|ppl|mari|well|discover\w+", r"prices?|products?|sales|levy|imports?|consumption|demand|petrol"),
    "BOP": (_FIRM, r"surplus|deficit|crisis|position|payments|sbp|account|imf"),
    "PPL": ("", r"premier|player|match|season|franchise|kentucky|levy"),
    "NBP": ("", r"polish|poland|zloty|adam glapinski|policymaker"),
    "AGP": (_FIRM, r"attorney|auditor|court|audit|pakistan tells|para|general"),
    "FFC": ("", r"floods?|river|chenab|jhelum|sutlej|ravi|indus|guddu|tarbela|monsoon"),
    "PTC": (r"telecom|broadband|ptcl|ufone|fibre|telenor|5g", r"tobacco|cigarettes?"),
    "ISL": (rf"{_FIRM}|hrc|crc|steel", r"football|league|goa|kolkata|mohun|islamabad|draw"),
    "SYS": (rf"{_FIRM}|split", r"operating|files|india|server"),
    "TRG": (rf"{_FIRM}|ibex|afiniti", r"india"),
    "UBL": ("", r"sensex|nifty|brew\w+|heineken|beer"),
    "HBL": ("", r"nifty|sensex|engineering|kavach"),
    "MCB": ("", r"mauritius|africa\w*|kenya|malaysia|curacao"),
    "ABL": ("", r"space|biotech|india|nifty"),
    "APL": (_FIRM, r"apollo|shipping|container"),
    "PSO": ("", r"pso to (?:the )?(?:cm|pm|chief|coas|governor|minister|president|ig)|staff officer"),
    "INDU": ("", r"nasdaq|indust\w+"), "GAL": (_FIRM, r"gal gadot"), "NRL": ("", r"rugby|numaligarh|naval|australia\w*"),
    "MARI": ("", r"indus|express|petroleum field"), "PRL": ("", r"price reporting"), "LUCK": ("", r"good luck|bad luck"),
    "KEL": (_FIRM, r"kerala"), "PIAHCLA": ("", ""), "SEARL": ("", ""), "PAEL": ("", ""), "KAPCO": ("", ""),
}  # fmt: skip

# Initials that newspapers use beside the tickers, under the same kind of rule.
INITIALS: Mapping[str, tuple[str, str, str]] = {
    "KE": ("KEL", r"nepra|tariff|power|electricity|loadshedding|load-shedding|licence|fca|per unit|consumers|karachi", r"kenya"),
    "NML": ("NML", _FIRM, ""), "SNGPL": ("SNGP", "", ""), "SSGCL": ("SSGC", "", ""), "OGDCL": ("OGDC", "", ""), "PTCL": ("PTC", "", ""),
}  # fmt: skip

# Tickers that are words too often to mean a share in a headline.
NEVER = frozenset(
    words("""PSX ALL FAST GOOD NEXT ONE FIRST ADAMS ATLAS BATA BELA BHAT DEL DOL FEM FIL FIM HUM IDEAL IMAGE LIVEN LOADS MERIT
    NINA PACE PIL PIM POWER PREMA PRET QUET REGAL RUBY SAIF SANE SEL SELECT SHIFA SPEL SURAJ SYM TELE TRUST UNITY
    WAVES ZAHID ASC ASL AHL AKDSL IMS JSGCL PPP EXIDE FATIMA NESTLE TREET ANL BCL BPL BTL CCM CFL CTM DCL DMC DSL FCL
    FML GDL GGL GIL GOC HPL ICL IML KCL KML MFL NCL PTL RPL SBL SFL SGF SLL SML SPL STL TBL TPL ZAL ZIL AGL AAL LPL
    DLL OML SLM SRR GRR FECM 786""")
)

# Research houses are named as those who say something; only their own accounts are news of them.
BROKERS: Mapping[str, tuple[str, ...]] = {
    "AHL": ("arif habib limited", "arif habib ltd", "ahl"), "AKDSL": ("akd securities",), "JSGCL": ("js global", "js global capital"),
    "NEXT": ("next capital",), "IMS": ("intermarket securities",), "JSIL": ("js investments",),
    "PSX": ("psx limited", "psx ltd", "psx", "pakistan stock exchange limited", "pakistan stock exchange ltd", "pakistan stock exchange"),
}  # fmt: skip
OWN_ACCOUNTS = re.compile(
    r"^(?:'s|’s)?\s*(?:board\s+)?(?:posts|reports|declares|announces|books|records)\b(?!.*\bpoints?\b)"
    r".*\b(?:profit after tax|net profit|profit|net loss|eps|pat|dividend|earnings)\b",
    re.IGNORECASE,
)

SPORT = re.compile(
    r"\b(?:cricket|hockey|wickets?|trophy|psl|squash|football|t20|innings|medals?|tournament|championships?|cup|super league"
    r"|olympics?|test match|semi-?final|quarter-?final|knockout|tennis|kabaddi|polo)\b",
    re.IGNORECASE,
)
# Right behind a name these make it another body or place.
BEHIND = frozenset(
    words("""foundation psl sports stadium university school college road chowk chowrangi town colony arena cup asset funds
    fund microfinance securities dealers association division ministry minister levy products policy sector dam city
    district police valley village province cooperative hospital museum marathon stars xi""")
)
BEFORE = frozenset(words("""former ex"""))
# After a name of ordinary words, a firm's doing.
DOING = frozenset(
    words("""posts post reports report declares declare announces announce acquires books board profit profits net earnings
    shares share sales revenue to signs approves appoints sells plans gets wins seeks launches invests completes
    limited ltd company corp corporation half-year annual quarterly""")
)

MARKET = re.compile(
    r"\b(?:kse(?:-?\d+)?|psx|kmi(?:-?\d+)?|stocks?|shares?|bourse|equit(?:y|ies)|index|secp|sbp|state bank|policy rate|monetary|mpc|kibor"
    r"|t-?bills?|pibs?|sukuk|inflation|cpi|spi|rupee|dollar|remittances?|current account|trade deficit|exports?|imports?|reserves|imf"
    r"|budget|fbr|tax(?:es)?|circular debt|nepra|ogra|tariff|urea|fertili[sz]er|cement|textile|cotton|steel|refiner(?:y|ies)|oil"
    r"|lng|gas price|petrol(?:eum)?|pol (?:prices?|products?|sales)|power sector|banks?|banking|deposits|t\+1|gdp|economy|economic|fdi|fipi"
    r"|mutual funds?|gold prices?|world bank|adb|ecc|car sales|autos?|moody'?s|fitch|privati[sz]ation|eurobond|bonds?|yields?|investors?)\b",
    re.IGNORECASE,
)
NO_MARKET = re.compile(
    r"\b(?:robbery|robbers?|murder|killed|injured|shot|arrest(?:ed|s)?|police|cricket|actor|actress|film|wedding|rape|weather|snowfall|"
    r"convocation|accident|blast|attack|militants?|prize bond)\b",
    re.IGNORECASE,
)
