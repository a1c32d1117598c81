"""A good page for every reader of the project, and the captures beside it where they are: what any page may be turned into."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.domain.sourcing import Page, Parse
from services.sources.fmp import READERS as FMP
from services.sources.mufap import READERS as MUFAP
from services.sources.nccpl import READERS as NCCPL
from services.sources.news import READERS as NEWS
from services.sources.pbs import READERS as PBS
from services.sources.psx.source import READERS as PSX
from services.sources.sbp import READERS as SBP
from tests.fakes.news_feeds import FILES
from tests.sources.asked import PAGES, SHARED, came
from tests.sources.fmp.test_reading import FETCHED
from tests.sources.papers import small_pdf
from tests.sources.psx.given import SMALL, small
from tests.sources.psx.test_captured import THERE, captured
from tests.sources.psx.test_summary import FIRST, SECOND, sheets
from tests.sources.sbp.test_m2m import sheet
from tests.sources.sbp.test_rates import KIBOR, answer, as_csv

READERS: dict[str, Parse] = {**PSX, **SBP, **MUFAP, **PBS, **NCCPL, **NEWS, **FMP}
FUND = {"fund": "Indus Fund", "category": "Equity", "sector": "Open-End"}


@dataclass(frozen=True)
class Case:
    """A page that is good, and a name for it."""

    name: str
    page: Page

    @property
    def read(self) -> Parse:
        return READERS[self.page.name]

    def other(self, body: bytes) -> Page:
        return replace(self.page, body=body)

    @property
    def what(self) -> str:
        start = self.page.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
        if self.page.body.startswith(b"%PDF"):
            return "pdf"
        if start == b"<":
            return "xml" if self.page.name == "news.rss" else "html"
        return "json" if start in {b"{", b"["} else "text"


def _small() -> Iterator[Case]:
    for file in SMALL:
        yield Case(file, small(file))
    yield Case("sector_watch", replace(small("sector_summary.html"), name="psx.sector_watch"))
    yield Case("closing rates", came("psx.closing_rates", sheets(FIRST, SECOND), "2026-10-14"))
    yield Case("m2m", came("sbp.m2m", sheet()))
    yield Case("kibor", came("sbp.kibor", small_pdf(KIBOR)))
    yield Case("pma", came("sbp.pma", (PAGES / "sbp" / "pma.html").read_bytes()))
    yield Case("easydata.json", came("sbp.easydata", answer()))
    yield Case("easydata.csv", came("sbp.easydata", as_csv()))
    for file in ("cpi.csv", "cpi.html"):
        yield Case(file, came("pbs.cpi", (PAGES / "pbs" / file).read_bytes()))
    for path in sorted((PAGES / "nccpl").iterdir()):
        days = {"date1": "09/09/2026", "date2": "09/09/2026"} if path.name == "scstrade.json" else {}
        side = {"side": "LIPI"} if path.name == "lipi.csv" else {}
        yield Case(path.name, came("nccpl.flows", path.read_bytes(), **days, **side))
    for name in ("returns", "navs"):
        yield Case(name, came(f"mufap.{name}", (PAGES / "mufap" / f"{name}.html").read_bytes()))
    for name in ("fund", "allocation"):
        yield Case(name, came(f"mufap.{name}", (PAGES / "mufap" / "fund.json").read_bytes(), **FUND))
    for file in ("PKRV10092026.csv", "PKRV08092023.csv"):
        body = (PAGES / "mufap" / file).read_bytes()
        yield Case(file, came("mufap.pkrv", body, file=file))
    for file, name in FILES.items():
        yield Case(file, came(name, (PAGES / "news" / file).read_bytes(), "2026-08-19"))
    for name in FMP:
        asked = {"board": "actives"} if name == "fmp.movers" else {}
        body = (PAGES / "fmp" / f"{name.removeprefix('fmp.')}.json").read_bytes()
        yield Case(name, Page(name, body, FETCHED, asked=asked))


def _captured() -> Iterator[Case]:
    for name, file, on, asked, _ in THERE:
        yield Case(f"captured {name} {on}", captured(name, file, on, asked))
    files = (
        ("sbp.m2m", "sbp/m2m_17-Jul-26.pdf", "2026-07-17"),
        ("mufap.returns", "funds/mufap_IndustryStatDaily_tab1_2026-08-22.html.gz", "2026-08-22"),
        ("pbs.cpi", "rates/pbs_national_cpi_2023_2026.csv", "2026-08-22"),
        ("news.rss", "rss/brecorder_markets_shape.xml", "2026-11-20"),
        ("news.rss", "rss/dawn_business_shape.xml", "2026-11-20"),
        ("news.mettis", "rss/mettis_json_shape.json", "2026-11-20"),
        ("nccpl.flows", "flows/fipi_lipi_2026-09-10.csv", "2026-09-10"),
        ("nccpl.flows", "flows/fipi_lipi_2026-09-10.json", "2026-09-10"),
    )
    for name, file, on in files:
        if (SHARED / file).exists():
            body = (SHARED / file).read_bytes()
            yield Case(
                f"captured {file}", came(name, gzip.decompress(body) if file.endswith("gz") else body, on)
            )


SMALL_CASES = tuple(_small())
CASES = (*SMALL_CASES, *_captured())
