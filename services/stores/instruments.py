"""Shares and funds in MongoDB with every name they go by: read by code, former code or alias in one question."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pymongo import ReplaceOne
from pymongo.asynchronous.collection import AsyncCollection

from services.domain.listings import FundListing, Listing
from services.domain.renames import current_code, former_codes
from services.domain.rows import NavRow, Symbol
from services.stores.mongo import Document, Mongo, reported

_BETWEEN: Final = re.compile(r"[^\w]+")


def name_key(name: str) -> str:
    """How a name is looked up: without case, signs and double spaces."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


class MongoInstruments:
    """The collections ``symbols`` and ``funds``."""

    def __init__(self, mongo: Mongo) -> None:
        self._symbols = mongo["symbols"]
        self._funds = mongo["funds"]

    @reported
    async def seed(
        self,
        symbols: Sequence[Symbol] = (),
        navs: Sequence[NavRow] = (),
        aliases: Mapping[str, Sequence[str]] | None = None,
    ) -> int:
        """Bring the listings up to date; the same again changes nothing, older rows neither.

        Args:
            symbols: The exchange's list; of several rows of one code the newest counts.
            navs: Funds as their source names them.
            aliases: Other names by code or fund name; a code that is not named keeps those it has.

        Returns:
            How many listings were new or changed.
        """
        others = aliases or {}
        shares = [_share(row, others.get(row.symbol, ())) for row in _newest(symbols, "symbol")]
        funds = [_fund(row, others.get(row.fund, ())) for row in _newest(navs, "fund")]
        return await _bring(self._symbols, shares) + await _bring(self._funds, funds)

    @reported
    async def symbol(self, name: str, day: date) -> Listing | None:
        """The share that goes by this code (also one given up before ``day``), alias or full name.

        A name that several bear answers None: it is asked back elsewhere, never guessed.
        """
        code = current_code(name.strip().upper(), day)
        found = await _named(self._symbols, code, name)
        return _listing(found) if found else None

    @reported
    async def fund(self, name: str) -> FundListing | None:
        """The fund of this name or alias; None if there is none, or more than one."""
        found = await _named(self._funds, name, name)
        return _fund_listing(found) if found else None

    @reported
    async def symbols(self) -> list[Listing]:
        """All, in the order of codes."""
        return [_listing(found) for found in await self._symbols.find({}).sort("_id", 1).to_list(None)]

    @reported
    async def funds(self) -> list[FundListing]:
        """All, in the order of names."""
        return [_fund_listing(found) for found in await self._funds.find({}).sort("_id", 1).to_list(None)]


def _newest(rows: Iterable[Any], name: str) -> list[Any]:
    newest: dict[str, Any] = {}
    for row in rows:
        there = newest.get(getattr(row, name))
        if there is None or there.day <= row.day:
            newest[getattr(row, name)] = row
    return list(newest.values())


async def _named(collection: AsyncCollection[Document], code: str, name: str) -> Document | None:
    """The one of that code, else the only one of that name, in one question."""
    where = {"$or": [{"_id": code}, {"names": name_key(name)}]}
    found = await collection.find(where).to_list(None)
    exact = next((document for document in found if document["_id"] == code), None)
    return exact or (found[0] if len(found) == 1 else None)


async def _bring(collection: AsyncCollection[Document], wanted: Sequence[Document]) -> int:
    ids = [document["_id"] for document in wanted]
    there = {d["_id"]: d for d in await collection.find({"_id": {"$in": ids}}).to_list(None)} if ids else {}
    merged = [_merged(there.get(document["_id"]), document) for document in wanted]
    changed = [d for d in merged if there.get(d["_id"]) != d]
    if changed:
        await collection.bulk_write(
            [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in changed],
            ordered=False,
        )
    return len(changed)


def _merged(there: Document | None, wanted: Document) -> Document:
    """The newer of the two listings; other names are the last ones said, whoever says them."""
    if there is None:
        return wanted
    newer = there if there["day"] > wanted["day"] else wanted
    aliases = wanted["aliases"] or there["aliases"]
    called = (newer["_id"], newer.get("name", ""), *newer.get("former", ()), *aliases)
    return newer | {"aliases": aliases, "names": sorted({name_key(name) for name in called} - {""})}


def _share(row: Symbol, aliases: Sequence[str]) -> Document:
    former = former_codes(row.symbol)
    names = {name_key(name) for name in (row.symbol, row.name, *aliases, *former)}
    return {
        "_id": row.symbol,
        "names": sorted(names - {""}),
        "day": row.day.isoformat(),
        "name": row.name,
        "sector": row.sector,
        "marks": [mark for mark in ("is_etf", "is_debt", "is_gem") if getattr(row, mark)],
        "aliases": list(aliases),
        "former": list(former),
    }


def _listing(document: Mapping[str, Any]) -> Listing:
    marks = dict.fromkeys(document["marks"], True)
    day = date.fromisoformat(document["day"])
    row = Symbol(document["_id"], day, document["name"], document["sector"], **marks)
    return Listing(row, tuple(document["aliases"]), tuple(document["former"]))


def _fund(row: NavRow, aliases: Sequence[str]) -> Document:
    return {
        "_id": row.fund,
        "names": sorted({name_key(name) for name in (row.fund, *aliases)} - {""}),
        "day": row.day.isoformat(),
        "sector": row.sector,
        "category": row.category,
        "rating": row.rating,
        "benchmark": row.benchmark,
        "aliases": list(aliases),
    }


def _fund_listing(document: Mapping[str, Any]) -> FundListing:
    return FundListing(
        document["_id"],
        document["sector"],
        document["category"],
        document["rating"],
        document["benchmark"],
        tuple(document["aliases"]),
    )
