"""How sources stand comes back as it was kept, for another process too."""

from datetime import UTC, date, datetime, timedelta

from services.domain.standing import Seen, Standing
from services.stores.standings import MongoStandings

NOW = datetime(2026, 8, 20, 11, 40, tzinfo=UTC)


async def test_a_standing_comes_back_whole(mongo):
    pages = {
        "psx.watch": Seen("ab" * 32, 495, date(2026, 8, 20)),
        "psx.notices": Seen("cd" * 32, 0, None, {"2026-08": "abc123"}),
    }
    kept = Standing("psx", pages=pages, fresh={"watch": NOW}).answered(NOW, "partly", "one page is missing")
    gated = Standing("nccpl").gated(NOW, "a bot challenge")
    store = MongoStandings(mongo)
    await store.save(kept)
    await store.save(gated)
    assert await MongoStandings(mongo).all() == {"psx": kept, "nccpl": gated}


async def test_the_newest_counts(mongo):
    store = MongoStandings(mongo)
    await store.save(Standing("psx").gated(NOW, "answered 403"))
    later = Standing("psx").answered(NOW + timedelta(hours=6), "ok")
    await store.save(later)
    assert await store.all() == {"psx": later}
