"""The last 30 days of market data in MongoDB: one document for each kind and day, read in one question."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bson.binary import Binary

from services.domain.records import Batch, Kind, Row, days_of, key_of
from services.stores.day_rows import (  # fmt: skip
    BUCKETS,
    Known,
    Stamp,
    batches,
    bucket_of,
    one_batch,
    packed,
    put_upon,
    stamp_of,
    unpacked,
)
from services.stores.mongo import Document, Mongo, Session, Taken, reported, wall_clock
from services.stores.schema import DAILY_DAYS

_TRIES: Final = 5
_LOOKED: Final = 3  # days that are looked at for one that was complete at a time
_IN_THREAD: Final = 3_000  # rows from which the work leaves the event loop

Day = tuple[Kind, date]
News = list[tuple[Stamp, list[Row]]]


class MongoDaily:
    """``DailyData`` on MongoDB. Many ticks of a day lie in 32 documents, by symbol.

    A row replaces the one of its key unless its batch is older than that row's. Rows more than 30 days older than the
    newest of their batch (or than its ``as_of``) are not kept: they are in the lake.
    """

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._daily = mongo["daily"]

    @reported
    async def put(self, given: Sequence[Batch]) -> None:
        """Keep under (kind, day), each day in one transaction: what is put at one time by two processes is all there."""
        by_day: dict[Day, News] = {}
        for batch in given:
            for day, rows in _recent(batch).items():
                by_day.setdefault((batch.kind, day), []).append((stamp_of(batch), rows))
        for (kind, day), news in by_day.items():
            await self._put_day(kind, day, news)

    async def _put_day(self, kind: Kind, day: date, news: News) -> None:
        async def work(session: Session) -> None:
            await self._merge(kind, day, news, session)

        for attempt in range(_TRIES):
            try:
                await self._mongo.transaction(work)
            except Taken:  # another process made the document in this moment
                if attempt == _TRIES - 1:
                    raise
            else:
                return

    async def _merge(self, kind: Kind, day: date, news: News, session: Session) -> None:
        touched = {bucket_of(row, BUCKETS.get(kind, 1)) for _, rows in news for row in rows}
        ids = [_id(kind, day, bucket) for bucket in sorted(touched)]
        there = await self._daily.find({"_id": {"$in": ids}}, session=session).to_list(None)
        count = sum(len(rows) for _, rows in news) + sum(document["rows"] for document in there)
        if count > _IN_THREAD:
            documents = await asyncio.to_thread(_merged, kind, day, there, news)
        else:
            documents = _merged(kind, day, there, news)
        for document in documents:
            await self._daily.replace_one({"_id": document["_id"]}, document, upsert=True, session=session)

    @reported
    async def newest(
        self, kind: Kind, *, before: datetime | None = None, last: date | None = None
    ) -> Batch | None:
        """All rows of the newest day, under the newest of their stamps; None if there are none.

        With ``before``: of the newest day that was complete by then; what was imported counts by its day alone.
        """
        latest = min(day for day in (last, before and before.date(), date.max) if day)
        where: Document = {"kind": kind, "day": {"$lte": latest.isoformat()}}
        heads = (
            await self._daily.find(where)
            .sort("day", -1)
            .limit(1 if before is None else _LOOKED)
            .to_list(None)
        )
        for head in heads:
            found = await self._day(kind, head)
            if before is None or found.as_of <= before or found.status == "imported":
                return found
        return None

    async def _day(self, kind: Kind, head: Document) -> Batch:
        documents = [head]
        if kind in BUCKETS:
            documents = (
                await self._daily.find({"kind": kind, "day": head["day"]}).sort("_id", 1).to_list(None)
            )
        return one_batch(kind, await _entries(kind, documents))

    @reported
    async def since(self, kind: Kind, first: date) -> Sequence[Batch]:
        """Every day from ``first`` on, oldest first; a day's rows in as many batches as they came in."""
        where = {"kind": kind, "day": {"$gte": first.isoformat()}}
        documents = await self._daily.find(where).sort([("day", 1), ("_id", 1)]).to_list(None)
        by_day: dict[str, list[Document]] = {}
        for document in documents:
            by_day.setdefault(document["day"], []).append(document)
        return [batch for found in by_day.values() for batch in batches(kind, await _entries(kind, found))]

    @reported
    async def forget(self, kind: Kind, days: Sequence[date]) -> None:
        """Take those days away."""
        await self._daily.delete_many({"kind": kind, "day": {"$in": [day.isoformat() for day in days]}})


def _id(kind: Kind, day: date, bucket: int) -> str:
    return f"{kind}/{day.isoformat()}/{bucket:02}"


def _recent(batch: Batch) -> dict[date, list[Row]]:
    by_day: dict[date, list[Row]] = {}
    for row, day in zip(batch.rows, days_of(batch.rows), strict=True):
        by_day.setdefault(day, []).append(row)
    if not by_day:
        return {}
    oldest = min(max(by_day), batch.as_of.date()) - timedelta(days=DAILY_DAYS)
    return {day: rows for day, rows in sorted(by_day.items()) if day >= oldest}


def _merged(kind: Kind, day: date, there: Iterable[Document], news: News) -> list[Document]:
    """The documents that change."""
    buckets = BUCKETS.get(kind, 1)
    known: dict[str, Known] = {
        document["_id"]: {key_of(kind, row): (stamp, row) for stamp, row in unpacked(kind, document["body"])}
        for document in there
    }
    changed: set[str] = set()
    for stamp, rows in news:
        for bucket, group in _grouped(rows, buckets).items():
            name = _id(kind, day, bucket)
            if put_upon(kind, known.setdefault(name, {}), stamp, group):
                changed.add(name)
    return [_document(kind, day, name, known[name]) for name in sorted(changed)]


def _grouped(rows: Iterable[Row], buckets: int) -> Mapping[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(bucket_of(row, buckets), []).append(row)
    return groups


def _document(kind: Kind, day: date, name: str, known: Known) -> Document:
    return {
        "_id": name,
        "kind": kind,
        "day": day.isoformat(),
        "as_of": max(stamp.as_of for stamp, _ in known.values()),
        "rows": len(known),
        "kept_at": wall_clock(),
        "body": Binary(packed(kind, known)),
    }


async def _entries(kind: Kind, documents: Sequence[Document]) -> list[tuple[Stamp, Row]]:
    if sum(document["rows"] for document in documents) > _IN_THREAD:
        return await asyncio.to_thread(_unpacked, kind, documents)
    return _unpacked(kind, documents)


def _unpacked(kind: Kind, documents: Iterable[Document]) -> list[tuple[Stamp, Row]]:
    return [entry for document in documents for entry in unpacked(kind, document["body"])]
