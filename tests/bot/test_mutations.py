"""Whatever a provider's signed body holds, however it was cut, bent, nested or blown up: never a 5xx, never a loop.

The bodies of ``tests/payloads`` (and of the documentation beside the project, where it lies there) go through the real
doors of the running bot, whole and spoiled in every way that we could think of.
"""

import copy
import gc
import itertools
import json
import random
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.webhooks import LARGEST_BODY
from tests.fakes.doors import DOORS, post, proof

OURS = Path(__file__).parents[1] / "payloads"
SHARED = Path(__file__).parents[3] / "shared" / "payloads"
STRANGE = (
    None, True, -1, 0, 2**63, -(2**70), 10**400, 1e308, "", "\x00", "\ud800", "\udfff\ud800", "9" * 5000, "1" * 400_000,
    [], {}, [[]], [{}], {"": ""}, {"$where": 1}, {"a.b": 1}, "2026-99-99", "NaN", "-0", "0x10", "٣٤", "💥" * 3000,
    [None] * 50, {"id": {"id": {}}}, 253402300800, -62135596801, 99999999999999, "99999999999999999999", 1.5, [1, "a"],
)  # fmt: skip
ROUNDS = 40
_numbers = itertools.count(1)


def bodies(channel):
    """Every body of that provider: objects for the two that speak JSON, pairs for Twilio."""
    ending = "form" if channel == "twilio" else "json"
    found = []
    for folder in (OURS / channel, *((SHARED / channel,) if SHARED.exists() else ())):
        for path in sorted(folder.rglob(f"*.{ending}")):
            text = path.read_text()
            if channel == "twilio":
                found.append(parse_qsl(text.strip(), keep_blank_values=True))
                continue
            try:
                value = json.loads(text)
            except ValueError:
                continue
            found += value if isinstance(value, list) else [value]
    assert len(found) > 20
    return found


def places(value, path=()):
    """The way to every member of a value."""
    yield path
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield from places(member, (*path, name))


def bent(value, path, new):
    """A copy with something else at that place; ``...`` takes the member out."""
    if not path:
        return None if new is ... else new
    made = copy.deepcopy(value)
    holder = made
    for name in path[:-1]:
        holder = holder[name]
    if new is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return made


def written(value):
    return json.dumps(value, ensure_ascii=True).encode()


def signed(house, channel, body):
    if channel != "twilio":
        return proof(house, channel, body)
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {
        "X-Twilio-Signature": house.twilio.signature(house.url + DOORS["twilio"], pairs),
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def taken(house, channel, body):
    """Post it; nothing but a 2xx is right."""
    status = await post(house, DOORS[channel], body, signed(house, channel, body))
    assert status == 200, (status, body[:500])


@pytest.mark.slow
@pytest.mark.parametrize("channel", ["telegram", "meta"])
async def test_every_member_missing_or_strange_in_turn(house, channel):
    chance = random.Random(7)
    for value in bodies(channel):
        ways = list(places(value))
        for path in chance.sample(ways, min(len(ways), 2)):
            await taken(house, channel, written(bent(value, path, ...)))
            await taken(house, channel, written(bent(value, path, chance.choice(STRANGE))))
    await house.bot.dispatcher.drain(60)
    assert house.bot.dispatcher.in_hand == 0


@pytest.mark.slow
async def test_every_field_of_a_form_missing_strange_doubled_or_added(house):
    chance = random.Random(8)
    for pairs in bodies("twilio"):
        for _ in range(2):
            at = chance.randrange(len(pairs)) if pairs else 0
            strange = str(chance.choice(STRANGE)).encode("utf-8", "replace")
            name = pairs[at][0] if pairs else "Body"
            for changed in (
                pairs[:at] + pairs[at + 1 :],
                [*pairs[:at], (name, strange), *pairs[at + 1 :]],
                [*pairs, (name, "twice"), ("NewField", "x")],
            ):
                await taken(house, "twilio", urlencode(somebody_else(changed)).encode())
    await house.bot.dispatcher.drain(60)
    assert house.bot.dispatcher.in_hand == 0


def somebody_else(pairs):
    """Each form from another number: one and the same would have to wait for its six seconds a message."""
    number = f"whatsapp:+92300{next(_numbers):07}"
    good = (
        {"From"}
        if any(name == "From" and str(value).startswith("whatsapp:+") for name, value in pairs)
        else set()
    )
    return [(name, number if name in good else value) for name, value in pairs]


@pytest.mark.parametrize("channel", ["telegram", "meta"])
async def test_cut_off_flipped_and_doubled_bytes(house, channel):
    chance = random.Random(9)
    values = bodies(channel)
    for _ in range(ROUNDS):
        body = bytearray(written(chance.choice(values)))
        kind = chance.randrange(4)
        if kind == 0:
            del body[chance.randrange(len(body)) :]
        elif kind == 1:
            for _ in range(chance.randrange(1, 9)):
                body[chance.randrange(len(body))] = chance.randrange(256)
        elif kind == 2:
            body = body * 2
        else:
            at = chance.randrange(len(body))
            body[at:at] = bytes(chance.randrange(256) for _ in range(20))
        await taken(house, channel, bytes(body))


@pytest.mark.parametrize("channel", ["telegram", "meta"])
@pytest.mark.parametrize("depth", [200, 900, 1100, 100_000])
async def test_nested_as_deep_as_it_gets(house, channel, depth):
    member = "message" if channel == "telegram" else "entry"
    for opened, closed in ((b"[", b"]"), (b'{"a":', b"}")):
        inner = opened * depth + b"1" + closed * depth
        await taken(house, channel, b'{"update_id":1,"%s":%s}' % (member.encode(), inner))
        await taken(house, channel, inner)


@pytest.mark.parametrize("channel", DOORS)
async def test_three_megabytes_of_one_text(house, channel):
    if channel == "twilio":
        huge = urlencode([*bodies("twilio")[0], ("Body", "x" * 3_000_000)]).encode()
    else:
        value = next(v for v in bodies(channel) if '"text"' in json.dumps(v))
        path = next(
            p for p in places(value) if p and p[-1] in {"text", "body"} and isinstance(_at(value, p), str)
        )
        huge = written(bent(value, path, "x" * 3_000_000))
    await taken(house, channel, huge)
    await house.bot.dispatcher.drain(30)
    async for row in house.world.inbox._inbox.find():
        assert len(str(row)) < 20_000, "what no provider lets a person type is not carried along"


def _at(value, path):
    for name in path:
        value = value[name]
    return value


async def test_a_thousand_events_in_one_post(house):
    from tests.fakes.phones import MetaPhone

    people = [MetaPhone(house, f"92300{n:07}", f"PK.{n}") for n in range(50)]
    entries = [people[n % 50].typed(50_000 + n, "Hi")["entry"][0] for n in range(1000)]
    body = written({"object": "whatsapp_business_account", "entry": entries})
    assert len(body) < LARGEST_BODY
    gc.collect()
    gc.freeze()  # as the server does when it is warm: the heap of a whole test run is not this bot's
    await taken(house, "meta", body)
    gc.unfreeze()
    assert await house.world.inbox._inbox.count_documents({}) == 1000
    await taken(house, "meta", body)
    assert await house.world.inbox._inbox.count_documents({}) == 1000
    await house.bot.dispatcher.drain(100)
    keys = [row["_id"] async for row in house.world.outbox._outbox.find({}, {"_id": 1})]
    answered = {key.rpartition(":")[0] for key in keys}
    assert len(answered) == 1000, "each has its answer, once"


async def test_an_unreadable_body_is_kept_for_a_look_and_counted(house):
    raw = b'{"entry": 7, "secret": "\xff"}'
    for _ in range(3):
        await taken(house, "meta", raw)
    (row,) = await house.world.inbox._mongo["poison"].find().to_list(None)
    assert (row["channel"], bytes(row["raw"]), row["times"], row["size"]) == ("meta", raw, 3, len(raw))
    await taken(house, "telegram", b"[" + b"1," * 600_000 + b"1]")
    sizes = [
        len(row["raw"]) async for row in house.world.inbox._mongo["poison"].find({"channel": "telegram"})
    ]
    assert sizes == [64 * 1024]


async def test_a_proof_made_of_strange_bytes_is_a_403(house, told):
    for name in ("X-Telegram-Bot-Api-Secret-Token", "X-Hub-Signature-256", "X-Twilio-Signature"):
        for value in ("ü", "sha256=ß", "\udcff", "é" * 64, " "):
            for path in DOORS.values():
                raw = value.encode("utf-8", "surrogateescape").decode("latin-1")
                assert await post(house, path, b"{}", {name: raw}) == 403
    assert "Traceback" not in told()
