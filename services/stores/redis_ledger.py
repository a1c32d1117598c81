"""The ledger in Redis: one script by which a sender takes slots, one by which requests are counted for their chats."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, cast

from services.domain.errors import Unavailable
from services.stores.grouping import Grouped
from services.stores.ledger import (
    BULK_SECONDS,
    LEASE_SECONDS,
    REFUSED_SECONDS,
    Booking,
    Claim,
    Granted,
    Slot,
    per_place,
)
from services.stores.limits import ChatRule, Limit
from services.stores.server_time import ServerTime

AHEAD: Final = 0.05  # seconds of slots taken at once: one question for so many
ANNOUNCED: Final = (
    0.25  # a broadcast begins so long after it was announced: until then every process has heard of it
)
_ANSWER_SECONDS: Final = 0.5
_MICRO: Final = 1_000_000
_FORGET: Final = 600  # seconds without any use after which a sender's state is nothing

# All times are microseconds of the server's clock. KEYS: the places (a sorted set by when each is free), the sender.
# ARGV: places, cycle, spacing, ahead, announced, lease, bulk seconds, wanted, bulk, pause, members' span, member,
#       number of reports, nothing in hand, then (place, free at) each; place -1 = the one that is free first.
_CLAIM: Final = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local a = {}
for i, v in ipairs(ARGV) do a[i] = tonumber(v) end
local say = function(x) return string.format('%.0f', x) end
if redis.call('EXISTS', KEYS[1]) == 0 then
  for i = 0, a[1] - 1 do redis.call('ZADD', KEYS[1], say(now + a[2]), i) end
end
for i = 1, a[13] do
  local place, free = ARGV[13 + 2 * i], a[14 + 2 * i]
  if place == '-1' then
    local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    place = first[1]
    free = math.max(free, tonumber(first[2]))
  end
  redis.call('ZADD', KEYS[1], 'XX', say(free), place)
end
local s = redis.call('HMGET', KEYS[2], 'next', 'bulk', 'closed', 'refused')
local nxt, bulk, closed, refused = tonumber(s[1] or 0), tonumber(s[2] or 0), tonumber(s[3] or 0), tonumber(s[4] or 0)
nxt = math.max(nxt, now)
if a[9] == 1 then
  if now - bulk > a[7] then nxt = math.max(nxt, now + a[5]) end
  bulk = now
end
if a[10] > 0 then closed, refused = math.max(closed, now + a[10]), now end
local out, wanted = {}, a[8]
if closed > now then wanted = 0 end
local free = {}
if wanted > 0 then free = redis.call('ZRANGE', KEYS[1], 0, wanted - 1, 'WITHSCORES') end
for i = 1, #free, 2 do
  local at = math.max(nxt, tonumber(free[i + 1]))
  if at > now + a[4] and (i > 1 or a[14] == 0) then break end
  nxt = at + a[3]
  redis.call('ZADD', KEYS[1], say(at + a[6] + a[2]), free[i])
  out[#out + 1] = free[i]
  out[#out + 1] = say(at)
  out[#out + 1] = free[i + 1]
end
redis.call('HSET', KEYS[2], 'next', say(nxt), 'bulk', say(bulk), 'closed', say(closed), 'refused', say(refused))
local last = math.max(600000, (closed - now) / 1000 + 600000)
redis.call('PEXPIRE', KEYS[1], say(last))
redis.call('PEXPIRE', KEYS[2], say(last))
redis.call('ZADD', KEYS[3], say(now), ARGV[12])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', say(now - a[11]))
redis.call('PEXPIRE', KEYS[3], say(a[11] / 1000))
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local again = math.max(nxt, tonumber(first[2]), closed)
return {say(now), say(again), say(bulk), say(closed), say(refused), redis.call('ZCARD', KEYS[3]), out}
"""
# KEYS: chats. ARGV: for each kind, count, step, at, drain. The same arithmetic as limits.booked and limits.drained.
_BOOK: Final = """
local say = function(x) return string.format('%.0f', x) end
local out = {}
for i, key in ipairs(KEYS) do
  local k = 5 * (i - 1)
  local kind, count, step = ARGV[k + 1], tonumber(ARGV[k + 2]), tonumber(ARGV[k + 3])
  local at, drain = tonumber(ARGV[k + 4]), ARGV[k + 5] == '1'
  local slot = at
  if kind == 'bucket' then
    local full = tonumber(redis.call('GET', key) or 0)
    if drain then
      full = at + (count - 1) * step
    else
      slot = math.max(at, full - (count - 1) * step)
      full = math.max(full, slot) + step
    end
    redis.call('SET', key, say(full), 'PX', say(math.ceil((full - at) / 1000) + 60000))
  elseif drain then
    redis.call('DEL', key)
    for n = 0, count - 1 do redis.call('RPUSH', key, say(at - step + n * step / count)) end
    redis.call('PEXPIRE', key, say(step / 1000 + 600000))
  else
    if redis.call('LLEN', key) >= count then slot = math.max(at, tonumber(redis.call('LPOP', key)) + step) end
    redis.call('RPUSH', key, say(slot))
    redis.call('PEXPIRE', key, say(math.ceil((slot - at + step) / 1000) + 60000))
  end
  out[i] = say(slot)
end
return out
"""


class RedisLedger:
    """``Ledger`` in Redis, with the server's clock as the one that counts.

    Args:
        url: ``MARKETBYTE_REDIS_URL``.
        member: This process's name; how many there are tells what share is safe when the server is away.
    """

    ahead: Final = AHEAD

    def __init__(self, url: str, *, member: str) -> None:
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        self._redis = Redis.from_url(
            url,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            decode_responses=True,
            retry=Retry(NoBackoff(), 1),  # a connection that was closed in a quiet hour; nothing more
        )
        self._claim = self._redis.register_script(_CLAIM)
        self._book = self._redis.register_script(_BOOK)
        self._member = member
        self._time = ServerTime()
        self._group = Grouped(self._book_all)
        self._asked: set[asyncio.Task[list[Any]]] = set()
        self._closed = False
        self.members = 1

    async def claim(self, limit: Limit, now: float, claim: Claim) -> Granted:
        """Take slots and give account, in one question."""
        if not self._time.known:
            await self._learn_time()
        late = self._time.slack
        reports = [
            (slot.place, late + (slot.free if slot.used is None else slot.used + limit.cycle))
            for slot in claim.done
        ]
        reports += [(-1, late + used + limit.cycle) for used in per_place(claim.extra, limit.size)]
        pause = max(0.0, claim.close_until - now)
        times = (limit.cycle, limit.spacing, AHEAD, ANNOUNCED, LEASE_SECONDS, BULK_SECONDS)
        arguments: list[int | str] = [
            limit.places,
            *map(_micro, times),
            claim.wanted,
            int(claim.bulk),
            _micro(pause),
        ]
        arguments += [_micro(10.0), self._member, len(reports), int(claim.empty)]
        for place, free in reports:
            arguments += [place, max(0, self._there(free))]
        keys = [f"marketbyte:{what}:{limit.name}:{limit.places}" for what in ("places", "sender")]
        asked = asyncio.get_running_loop().time()
        keys.append(f"marketbyte:members:{limit.name}")
        answer = await self._ask(lambda: self._claim(keys=keys, args=arguments))
        self._time.hear(asked, int(answer[0]) / _MICRO)
        self.members = int(answer[5])
        return self._granted(answer)

    def _granted(self, answer: list[Any]) -> Granted:
        again, bulk, closed, refused = (self._here(value) for value in answer[1:5])
        row, late = answer[6], self._time.slack
        slots = [
            Slot(int(row[i]), self._here(row[i + 1]) + late, self._here(row[i + 2]))
            for i in range(0, len(row), 3)
        ]
        return Granted(slots, again, bulk + BULK_SECONDS, closed, refused + REFUSED_SECONDS)

    async def book(self, bookings: Sequence[Booking]) -> list[float]:
        """Count requests for their chats; all that ask at one time ask together."""
        if len(bookings) > 1:
            return await self._book_all(bookings)
        return [await self._group(bookings[0])]

    async def _book_all(self, bookings: Sequence[Booking]) -> list[float]:
        if not self._time.known:
            await self._learn_time()
        arguments: list[str | int] = []
        for booking in bookings:
            rule = booking.rule
            arguments += [rule.kind, rule.count, _micro(rule.seconds), self._there(booking.at)]
            arguments += [int(booking.drain)]
        keys = [f"marketbyte:chat:{booking.chat}" for booking in bookings]
        answer = await self._ask(lambda: self._book(keys=keys, args=arguments))
        return [self._here(value) for value in answer]

    def opens(self, chat: str, rule: ChatRule, at: float) -> float:  # noqa: ARG002 - only the server knows
        """Nothing is known here of a chat: ``at``."""
        return at

    async def close(self) -> None:
        """Give the connections back once what is under way has been answered: at most two timeouts."""
        self._closed = True
        while self._asked:
            await asyncio.wait(self._asked)
        await self._redis.aclose()

    async def _ask(self, question: Callable[[], Awaitable[Any]]) -> list[Any]:
        """The server's answer. A caller that gives up leaves the question to its end.

        redis-py forgets a connection whose caller is cancelled while it connects or gives it back, and opens a new one for
        a question that is under way while all are closed: such connections would stay open for ever.

        Raises:
            Unavailable: The server does not answer, or not what we need; or this ledger is closed.
        """
        if self._closed:
            raise Unavailable("Redis is not asked any more: this process gives up its connections")
        asked = asyncio.create_task(_answer(question()))
        self._asked.add(asked)
        asked.add_done_callback(self._end)
        return await asyncio.shield(asked)

    def _end(self, asked: "asyncio.Task[list[Any]]") -> None:
        self._asked.discard(asked)
        if not asked.cancelled():
            asked.exception()  # its caller may have gone: nobody misses it then

    async def _learn_time(self) -> None:
        for _ in range(5):
            asked = asyncio.get_running_loop().time()
            seconds, micro = await self._ask(self._redis.time)
            self._time.hear(asked, int(seconds) + int(micro) / _MICRO)

    def _there(self, time: float) -> int:
        return _micro(self._time.there(time)) if time > float("-inf") else 0

    def _here(self, value: str) -> float:
        return self._time.here(int(value) / _MICRO)


def _micro(seconds: float) -> int:
    return round(seconds * _MICRO)


async def _answer(question: Awaitable[Any]) -> list[Any]:
    """What the server says.

    Raises:
        Unavailable: It does not, or not what we need.
    """
    from redis.exceptions import RedisError

    try:
        return cast("list[Any]", await question)
    except (RedisError, OSError, TimeoutError) as error:
        raise Unavailable(
            f"Redis does not answer ({type(error).__name__}): see MARKETBYTE_REDIS_URL"
        ) from error
