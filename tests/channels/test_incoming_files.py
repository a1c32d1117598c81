"""Documents that people send: fetched at the wire from each provider, with a measure, with no login to strangers."""

import pytest

from bot.channels.fetching import Fetching
from bot.channels.meta_files import MetaFiles
from bot.channels.telegram_files import TelegramFiles
from bot.channels.twilio_files import TwilioFiles
from services.domain.conversation import Address, Attachment
from services.domain.errors import BadInput, Unavailable

CSV = b"symbol,date,close,volume\nLUCK,2026-08-20,400,1\n" * 5000
MOST = 1_000_000


def document(ref):
    return Attachment("document", ref, "text/csv")


@pytest.fixture
def telegram_files(session, telegram_api):
    return TelegramFiles(session, token=telegram_api.token, base=telegram_api.base)


@pytest.fixture
def meta_files(session, meta_api):
    return MetaFiles(session, token=meta_api.token, number=meta_api.number, base=meta_api.base)


@pytest.fixture
def twilio_files(session, twilio_api):
    return TwilioFiles(
        session, account_sid=twilio_api.account, tokens=(twilio_api.token,), base=twilio_api.base
    )


def medium(api, name="ME1"):
    return document(f"https://api.twilio.com/2010-04-01/Accounts/{api.account}/Messages/MM1/Media/{name}")


async def test_telegram_gives_a_file_by_its_id(telegram_files, telegram_api):
    telegram_api.brought["doc1"] = CSV
    assert await telegram_files.fetch(document("doc1"), MOST) == CSV
    with pytest.raises(BadInput, match="no longer"):
        await telegram_files.fetch(document("doc2"), MOST)


async def test_telegram_refuses_what_is_too_large_before_and_after_the_bytes(telegram_files, telegram_api):
    telegram_api.brought["doc1"] = CSV
    with pytest.raises(BadInput, match="larger"):
        await telegram_files.fetch(document("doc1"), 1000)
    telegram_api.brought["huge"] = bytes(20 * 2**20 + 1)
    with pytest.raises(BadInput, match="larger"):
        await telegram_files.fetch(document("huge"), MOST)


async def test_an_error_never_tells_the_token(session, telegram_api):
    files = TelegramFiles(session, token="4242:very-secret", base="http://127.0.0.1:9")
    with pytest.raises(Unavailable) as caught:
        await files.fetch(document("doc1"), MOST)
    assert "very-secret" not in str(caught.value)
    wrong = TelegramFiles(session, token="4242:very-secret", base=telegram_api.base)
    with pytest.raises(Unavailable) as caught:
        await wrong.fetch(document("doc1"), MOST)
    assert "very-secret" not in str(caught.value)


async def test_meta_gives_a_file_by_its_id(meta_files, meta_api):
    meta_api.brought["77"] = CSV
    assert await meta_files.fetch(document("77"), MOST) == CSV
    with pytest.raises(BadInput, match="no longer"):
        await meta_files.fetch(document("78"), MOST)
    with pytest.raises(BadInput, match="larger"):
        await meta_files.fetch(document("77"), 1000)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "https://evil.example/x", "https://fbsbx.com.evil.example/x"]
)
async def test_metas_token_goes_to_meta_only(meta_files, meta_api, url):
    meta_api.brought["77"], meta_api.elsewhere = CSV, url
    with pytest.raises(Unavailable, match="does not give"):
        await meta_files.fetch(document("77"), MOST)


async def test_a_file_that_is_not_what_meta_said_is_refused(meta_files, meta_api, monkeypatch):
    meta_api.brought["77"] = CSV
    meta_api.brought["other"] = b"something else"
    meta_api.elsewhere = meta_api.base.rsplit("/", 1)[0] + "/kept/other"
    with pytest.raises(Unavailable, match="damaged"):
        await meta_files.fetch(document("77"), MOST)


async def test_twilio_redirects_and_the_login_stays_behind(twilio_files, twilio_api):
    twilio_api.brought["ME1"] = CSV
    assert await twilio_files.fetch(medium(twilio_api), MOST) == CSV
    assert twilio_api.logins_given_away == 0
    with pytest.raises(BadInput, match="no longer"):
        await twilio_files.fetch(medium(twilio_api, "ME2"), MOST)
    with pytest.raises(BadInput, match="larger"):
        await twilio_files.fetch(medium(twilio_api), 1000)


async def test_the_second_token_of_a_rotation_opens_too(session, twilio_api):
    twilio_api.brought["ME1"] = CSV
    files = TwilioFiles(
        session, account_sid=twilio_api.account, tokens=("old", twilio_api.token), base=twilio_api.base
    )
    assert await files.fetch(medium(twilio_api), MOST) == CSV


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "https://evil.example/a.csv",
        "https://api.twilio.com/2010-04-01/Accounts/ACother/Messages/M/Media/ME1",
    ],
)
async def test_twilio_is_asked_for_our_media_only(twilio_files, twilio_api, ref):
    with pytest.raises(BadInput):
        await twilio_files.fetch(document(ref), MOST)


async def test_the_door_goes_by_the_channel(telegram_files, telegram_api):
    telegram_api.brought["doc1"] = CSV
    door = Fetching({"telegram": telegram_files})
    assert await door.fetch(Address("telegram", "1"), document("doc1"), MOST) == CSV
    for address, ref in ((Address("web", "1"), "doc1"), (Address("telegram", "1"), "")):
        with pytest.raises(BadInput, match="cannot be sent here"):
            await door.fetch(address, document(ref), MOST)
