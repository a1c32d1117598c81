"""The dry run tells who is reached how, in what time and for how much; to the letter."""

from datetime import datetime, timedelta

from bot.ways import ways
from services.domain.campaigns import DryRun, Lane
from services.domain.conversation import Address, Reply, Text
from services.dry_runs import DryRuns
from services.wording.layouts.campaigns import dry_run_reply, dry_run_text
from tests.campaigns.conftest import KARACHI

RATES = {"telegram": 30.0, "twilio": 80.0, "meta": 80.0}
SET_UP = {"twilio": '{"announcement": "HX1"}', "meta": '{"brief": {"name": "b"}}'}


def dry_runs(hall, heard, templates=SET_UP, daily=None, **more):
    async def heard_of(addresses):
        assert all(address.channel in {"twilio", "meta"} for address in addresses)
        return {address: heard[address] for address in addresses if address in heard}

    return DryRuns(hall.process().users, heard_of, ways(RATES, templates, daily or {}), hall.clock, **more)


async def mixed(hall):
    """Four on Telegram, three on Twilio (two wrote of late), two on Meta (one did), and some who are not told."""
    now = hall.clock.now()
    heard = {}
    for n in range(4):
        await hall.people.save(hall.user(f"t{n}"))
    for n in range(3):
        await hall.people.save(hall.user(f"w{n}", "twilio"))
        heard[Address("twilio", f"w{n}")] = now - timedelta(hours=(1, 23, 30)[n])
    for n in range(2):
        await hall.people.save(hall.user(f"m{n}", "meta"))
    heard[Address("meta", "m0")] = now - timedelta(minutes=5)
    await hall.people.save(hall.user("s", stage="stopped"))
    await hall.people.save(hall.user("g", inactive=(Address("telegram", "g"),)))
    return heard


async def test_it_counts_by_channel_and_window_and_nothing_is_put(hall):
    run = await dry_runs(hall, await mixed(hall)).of("Holiday on Monday")
    assert run.lanes == (
        Lane("meta", 1, 1, 1, 80.0, template=False),
        Lane("telegram", 4, 0, 1, 30.0, template=False),
        Lane("twilio", 2, 1, 1, 80.0, template=True),
    )
    assert (run.people, run.paid, run.begins, run.sampled) == (9, 1, None, False)
    assert await hall.put() == []


async def test_at_night_the_window_is_that_of_the_morning(hall):
    heard = await mixed(hall)
    hall.clock.at = datetime(2026, 8, 20, 23, 0, tzinfo=KARACHI)
    run = await dry_runs(hall, heard).of("Holiday")
    assert run.begins == datetime(2026, 8, 21, 7, 0, tzinfo=KARACHI)
    # Heard at 08:00 of the day before: 23 hours at seven, open; at 08:55 too; the one of 20 Aug 2026 10:00 is shut.
    assert [(lane.channel, lane.inside, lane.outside) for lane in run.lanes if lane.channel == "twilio"] == [
        ("twilio", 1, 2)
    ]


async def test_of_very_many_people_a_sample_stands_for_all(hall):
    await hall.crowd(40)
    run = await dry_runs(hall, {}, most=10).of("Holiday")
    assert run.sampled
    assert run.people == 40
    assert "about 40 active users" in dry_run_text(run, "Holiday")


async def test_long_words_in_emoji_are_two_messages_on_twilio(hall):
    await hall.people.save(hall.user("w", "twilio"))
    heard = {Address("twilio", "w"): hall.clock.now()}
    run = await dry_runs(hall, heard).of("😀 " * 540)
    assert [lane.parts for lane in run.lanes] == [2]


def test_the_words_by_day():
    run = DryRun(
        (
            Lane("meta", 100, 2_500, 1, 80.0, template=True, per_day=2_000),
            Lane("telegram", 54_000, 0, 2, 30.0),
            Lane("twilio", 700, 34, 1, 80.0, template=False),
        )
    )
    assert dry_run_text(run, "Holiday on *Monday*") == (
        "*Dry run.* 57,334 active users would get:\n\n"
        "Holiday on *Monday*\n\n"
        "• WhatsApp (Meta): 2,600\n"
        "   100 wrote in the last 24 hours: free words, 1 message each\n"
        "   2,500 did not: the approved template, 1 message each\n"
        "   WhatsApp lets us begin with 2,000 people in 24 hours: about 500 may not be reached\n"
        "• Telegram: 54,000, 2 messages each\n"
        "• WhatsApp (Twilio): 734\n"
        "   700 wrote in the last 24 hours: free words, 1 message each\n"
        "   34 did not and are NOT reached: no template is set up (TWILIO_TEMPLATES)\n"
        "Time: about 60 min at what the providers permit.\n"
        "Cost: about 2,500 paid template messages on WhatsApp; Telegram and answers inside WhatsApp's 24 hours are free."
    )


def test_the_words_by_night_and_the_three_choices():
    begins = datetime(2026, 8, 21, 7, 0, tzinfo=KARACHI)
    run = DryRun((Lane("telegram", 3, 0, 1, 30.0),), begins)
    reply = dry_run_reply(run, "Holiday", "step/admin.announce")
    assert isinstance(reply.blocks[0], Text)
    assert reply.blocks[0].text == (
        "*Dry run.* 3 active users would get:\n\nHoliday\n\n• Telegram: 3, 1 message each\n"
        "Time: about 1 s at what the providers permit.\n"
        "Cost: nothing; Telegram and answers inside WhatsApp's 24 hours are free.\n"
        "People sleep now: it starts at 07:00 on 21 Aug 2026, unless it is urgent."
    )
    assert [(b.title, b.press) for b in reply.buttons] == [
        ("Send at 07:00", "step/admin.announce?value=send"),
        ("Send now, urgent", "step/admin.announce?value=urgent"),
        ("Cancel", "step/admin.announce?value=cancel"),
    ]
    assert all(len(b.title) <= 20 and len(b.press.encode()) <= 64 for b in reply.buttons)


def test_with_nobody_to_tell_there_is_nothing_to_confirm():
    reply = dry_run_reply(DryRun(), "Holiday", "step/admin.announce")
    assert isinstance(reply, Reply)
    assert not reply.buttons
    assert "Nobody is active" in reply.blocks[0].text
