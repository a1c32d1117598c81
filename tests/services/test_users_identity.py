"""One person is one record: user ids, numbers that come, go and change hands, and records that meet."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.conversation import Address, Inbound
from services.domain.identity import account, accounts
from services.domain.portfolio import Holding, Portfolio
from services.users import Users
from tests.fakes.people import PeopleInMemory

AT = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
ID, NUMBER = Address("meta", "PK.5511002200"), Address("meta", "923001112233")
OTHER_ID, NEW_NUMBER = Address("meta", "PK.7700"), Address("meta", "923009998877")
TELEGRAM = Address("telegram", "42")
HELD = Portfolio((Holding("MEBL", Decimal(1)),))


def reachable_address(user):
    """What broadcasts ask."""
    return any(address not in user.inactive for address in user.addresses)


class Fixed:
    time = AT

    def now(self):
        return self.time


class Home:
    """People in memory and what is done with them."""

    def __init__(self):
        self.store = PeopleInMemory()
        self.clock = Fixed()
        self.users = Users(self.store, None, self.clock)

    async def hears(self, *proved, full=False):
        """Somebody writes; ``full``: they have set up holdings by then."""
        user = await self.users.meet(Inbound("e", proved[0], AT, "hi", name="Hira Khan", aliases=proved[1:]))
        if full:
            changed = replace(user, stage="active", portfolio=HELD)
            await self.store.change(user, changed)
            return changed
        return user


@pytest.fixture
def home():
    return Home()


async def test_behaviour_20_a_person_known_by_number_stays_who_they_are_when_ids_come(home):
    before = await home.hears(NUMBER, full=True)
    after = await home.hears(ID, NUMBER)
    assert (after.id, after.addresses, after.portfolio) == (before.id, (ID, NUMBER), HELD)
    assert (await home.hears(ID)).id == before.id, "the number may be hidden from now on"
    assert (await home.hears(NUMBER)).id == before.id
    assert len(home.store.kept) == 1


async def test_behaviour_20_a_number_that_is_shown_later_joins_the_id(home):
    before = await home.hears(ID, full=True)
    after = await home.hears(ID, NUMBER)
    assert (after.id, after.addresses) == (before.id, (ID, NUMBER))
    assert account(after.addresses, NUMBER) == (ID, NUMBER)


async def test_behaviour_20_twilio_shows_a_number_then_hides_it(home):
    number, own, shared = (Address("twilio", f"whatsapp:{key}") for key in ("+92300", "PK.1", "PK.ENT.1"))
    owner = await home.hears(number, full=True)
    assert (await home.hears(number, own, shared)).id == owner.id
    hidden = await home.hears(own, shared)
    assert (hidden.id, hidden.addresses) == (owner.id, (number, own, shared)), (
        "it is still written to by number"
    )
    stranger = await home.hears(number, Address("twilio", "whatsapp:PK.2"))
    assert stranger.portfolio == Portfolio()
    assert (await home.hears(own, shared)).addresses == (own, shared)


async def test_who_is_known_costs_one_question(home):
    await home.hears(ID, NUMBER)
    home.store.asked = 0
    await home.hears(ID, NUMBER)
    assert home.store.asked == 1


async def test_behaviour_20_a_used_number_hands_a_stranger_nothing(home):
    owner = await home.hears(ID, NUMBER, full=True)
    stranger = await home.hears(OTHER_ID, NUMBER)
    assert stranger.id != owner.id
    assert stranger.portfolio == Portfolio()
    assert stranger.addresses == (OTHER_ID, NUMBER)
    kept = await home.users.get(owner.id)
    assert (kept.addresses, kept.portfolio) == ((ID,), HELD), "the number is not theirs any more, the rest is"
    assert (await home.hears(ID)).id == owner.id


async def test_behaviour_20_two_full_records_are_never_poured_together(home):
    by_number = await home.hears(NUMBER, full=True)
    by_id = await home.hears(ID, full=True)
    met = await home.hears(ID, NUMBER)
    assert (met.id, met.addresses) == (by_id.id, (ID, NUMBER))
    other = await home.users.get(by_number.id)
    assert other.portfolio == HELD, "nothing is lost"
    assert not reachable_address(other), "and one WhatsApp account is not told twice"
    assert await home.users.by_address(NUMBER) == met


@pytest.mark.parametrize("order", [(NUMBER, ID), (ID, NUMBER)])
async def test_behaviour_20_of_two_records_the_one_with_holdings_stays(home, order):
    full = await home.hears(order[0], full=True)
    await home.hears(order[1])
    met = await home.hears(ID, NUMBER)
    assert (met.id, met.portfolio, met.addresses) == (full.id, HELD, (ID, NUMBER))
    assert list(home.store.kept) == [full.id]


@pytest.mark.parametrize(("old", "new"), [(NUMBER, NEW_NUMBER), (ID, OTHER_ID), (NUMBER, OTHER_ID)])
async def test_behaviour_20_who_moves_stays_who_they_are(home, old, new):
    owner = await home.hears(ID, NUMBER, full=True)
    linked = replace(owner, addresses=(ID, NUMBER, TELEGRAM))
    await home.store.change(owner, linked)
    await home.users.moved(old, new, AT)
    await home.users.moved(old, new, AT)
    # An id and its number change together: the other one is void too, and the next message shows the new one.
    assert (await home.users.get(owner.id)).addresses == (new, TELEGRAM)
    assert await home.users.by_address(old) is None, "a stranger who gets the old number is a stranger"
    after = await home.hears(OTHER_ID, NEW_NUMBER)
    assert (after.id, after.addresses) == (owner.id, (OTHER_ID, NEW_NUMBER, TELEGRAM))


async def test_behaviour_20_a_group_that_migrates_takes_its_record_along(home):
    group, grown = Address("telegram", "-42"), Address("telegram", "-10042")
    owner = await home.hears(group, full=True)
    await home.users.moved(group, grown, AT)
    assert (await home.hears(grown)).id == owner.id


async def test_who_wrote_from_the_new_place_first_still_gets_what_is_theirs(home):
    owner = await home.hears(ID, NUMBER, full=True)
    await home.hears(OTHER_ID, NEW_NUMBER)
    await home.users.moved(ID, OTHER_ID, AT)
    met = await home.hears(OTHER_ID, NEW_NUMBER)
    assert (met.id, met.addresses) == (owner.id, (OTHER_ID, NEW_NUMBER))


async def test_a_move_between_two_full_records_pours_nothing(home):
    old = await home.hears(ID, NUMBER, full=True)
    there = await home.hears(OTHER_ID, NEW_NUMBER, full=True)
    await home.users.moved(ID, OTHER_ID, AT)
    assert (await home.users.by_address(OTHER_ID)).id == there.id
    assert ID not in (await home.users.get(old.id)).addresses
    assert (await home.users.get(old.id)).portfolio == HELD


async def test_a_move_told_again_days_later_does_not_take_the_next_owner_along(home):
    owner = await home.hears(NUMBER, full=True)
    await home.users.moved(NUMBER, NEW_NUMBER, AT)
    home.clock.time = AT + timedelta(days=3)
    stranger = await home.hears(NUMBER, full=True)
    await home.users.moved(NUMBER, NEW_NUMBER, AT)
    assert (await home.users.by_address(NUMBER)).id == stranger.id
    assert (await home.users.by_address(NEW_NUMBER)).id == owner.id


async def test_nobody_moves_from_where_nobody_is(home):
    await home.users.moved(ID, OTHER_ID, AT)
    assert home.store.kept == {}


async def test_two_first_messages_at_once_are_one_person(home):
    met = await asyncio.gather(*(home.hears(ID, NUMBER) for _ in range(10)))
    assert len({user.id for user in met}) == len(home.store.kept) == 1


async def test_behaviour_21_a_void_account_is_void_at_all_its_addresses_until_its_owner_writes(home):
    owner = await home.hears(ID, NUMBER, full=True)
    await home.store.change(owner, replace(owner, addresses=(ID, NUMBER, TELEGRAM)))
    await home.users.unreachable(NUMBER)
    known = await home.users.get(owner.id)
    assert set(known.inactive) == {ID, NUMBER}
    assert next(a for a in known.addresses if a not in known.inactive) == TELEGRAM
    assert (await home.hears(ID, NUMBER)).inactive == ()


async def test_behaviour_21_stop_at_the_provider_counts_by_every_address_and_comes_back(home):
    owner = await home.hears(ID, NUMBER, full=True)
    await home.users.opted_out(NUMBER)
    assert not await home.users.wants_broadcasts(owner.id)
    await home.users.opted_in(ID)
    assert await home.users.wants_broadcasts(owner.id)
    await home.users.block(await home.users.get(owner.id))
    for change in (home.users.opted_out, home.users.opted_in):
        await change(ID)
    assert (await home.users.get(owner.id)).stage == "blocked"


def test_addresses_by_account():
    twilio = tuple(Address("twilio", f"whatsapp:{key}") for key in ("+92300", "PK.1", "PK.ENT.1"))
    mixed = (NUMBER, ID, NEW_NUMBER, TELEGRAM, OTHER_ID, *twilio, twilio[0])
    assert accounts(mixed) == [(NUMBER,), (ID, NEW_NUMBER), (TELEGRAM,), (OTHER_ID,), twilio, (twilio[0],)]
    assert account(mixed, Address("web", "x")) == (Address("web", "x"),)


NUMBERS = [Address("meta", f"92300000000{n}") for n in range(2)]
STEP = st.tuples(st.integers(0, 3), st.sampled_from(["shown", "hidden", "full", "moves"]), st.integers(0, 1))


@settings(max_examples=300, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_no_story_of_numbers_changing_hands_gives_anybody_what_is_not_theirs(story):
    """People with ids of their own over two numbers; a move gives a new id and takes a number, as Meta does it."""

    async def told():
        home = Home()
        ids = {n: Address("meta", f"PK.{n}x0") for n in range(4)}
        numbers = {n: NUMBERS[n % 2] for n in range(4)}
        for place, (who, what, number) in enumerate(story):
            if what == "moves":
                old, ids[who] = ids[who], Address("meta", f"PK.{who}x{place}")
                numbers[who] = NUMBERS[number]
                await home.users.moved(old, ids[who], AT)
            proved = (ids[who],) if what == "hidden" else (ids[who], numbers[who])
            user = await home.hears(*proved)
            owners = {holding.code for holding in user.portfolio.holdings}
            assert owners <= {f"OF{who}"}, f"{who} was handed what is {owners}'s"
            if what == "full":
                held = Portfolio((Holding(f"OF{who}", Decimal(1)),))
                await home.store.change(user, replace(user, stage="active", portfolio=held))
            reached = [a for u in home.store.kept.values() for a in u.addresses if reachable_address(u)]
            assert len(reached) == len(set(reached))
            everyone = [account(u.addresses, u.addresses[0]) for u in home.store.kept.values()]
            assert all(len(one) <= 2 for one in everyone)
        for who in range(4):
            user = await home.users.by_address(ids[who])
            assert user is None or {h.code for h in user.portfolio.holdings} <= {f"OF{who}"}

    asyncio.run(told())
