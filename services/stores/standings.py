"""How the sources of market data stand, kept for all processes: a gate met by one is not tried anew by the next."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from services.domain.standing import Seen, Standing
from services.stores.mongo import Document, Mongo, reported

_PLAIN: Final = ("condition", "failures", "detail")
_TIMES: Final = ("tried", "succeeded", "next_try")


class MongoStandings:
    """``Standings`` on MongoDB: one document a source. Times come back in UTC."""

    def __init__(self, mongo: Mongo) -> None:
        self._sources = mongo["sources"]

    @reported
    async def all(self) -> Mapping[str, Standing]:
        """Every source that was visited, by name."""
        found = await self._sources.find().to_list(None)
        return {str(row["_id"]): _standing(row) for row in found}

    @reported
    async def save(self, standing: Standing) -> None:
        """Replace what was known of a source."""
        pages = [
            {
                "page": name,
                "raw": seen.raw,
                "rows": seen.rows,
                "newest": seen.newest.isoformat() if seen.newest else None,
                "parts": " ".join(f"{part}:{digest}" for part, digest in seen.parts.items()),
            }
            for name, seen in standing.pages.items()
        ]
        kept: Document = {
            **{name: getattr(standing, name) for name in (*_PLAIN, *_TIMES)},
            "pages": pages,  # a list: names of pages have dots
            "fresh": dict(standing.fresh),
        }
        await self._sources.replace_one({"_id": standing.name}, kept, upsert=True)


def _standing(row: Mapping[str, Any]) -> Standing:
    fresh: Mapping[str, datetime] = row["fresh"]
    return Standing(
        name=str(row["_id"]),
        **{name: row[name] for name in (*_PLAIN, *_TIMES)},
        pages={str(each["page"]): _seen(each) for each in row["pages"]},
        fresh=dict(fresh),
    )


def _seen(kept: Mapping[str, Any]) -> Seen:
    newest = kept["newest"]
    parts = dict(part.split(":", 1) for part in str(kept["parts"]).split())
    return Seen(str(kept["raw"]), int(kept["rows"]), date.fromisoformat(newest) if newest else None, parts)
