"""The providers' channels, made from the settings, and the way to the files that people send over them."""

import json

import aiohttp

from bot.channels.base import Gaps, KnownFiles, secrets_of
from bot.channels.fetching import ChannelFiles, Fetching
from bot.channels.meta import Meta
from bot.channels.meta_files import MetaFiles
from bot.channels.telegram import Telegram
from bot.channels.telegram_files import TelegramFiles
from bot.channels.twilio import Twilio
from bot.channels.twilio_delivery import Recoded
from bot.channels.twilio_files import TwilioFiles
from bot.config import Settings
from bot.media import MediaLinks
from services.ports import Clock, Rates

TWILIO_STATUS = "/webhooks/twilio/status"


def twilio(
    settings: Settings, session: aiohttp.ClientSession, clock: Clock, links: MediaLinks, mp3: Recoded
) -> Twilio:
    """WhatsApp through Twilio."""
    public = settings.public_url
    return Twilio(
        session,
        now=clock.now,
        mp3=mp3,
        account_sid=settings.twilio_sid,
        auth_token=settings.twilio_token.get_secret_value(),
        sender=settings.twilio_from,
        public_url=public,
        media_url=links.url,
        status_url=f"{public}{TWILIO_STATUS}" if public else "",
        base=settings.twilio_base,
        templates=json.loads(settings.twilio_templates or "{}"),
    )


def meta(settings: Settings, session: aiohttp.ClientSession, clock: Clock, files: KnownFiles) -> Meta:
    """WhatsApp through Meta's Cloud API."""
    return Meta(
        session,
        now=clock.now,
        files=files,
        phone_number_id=settings.meta_phone_id,
        access_token=settings.meta_token.get_secret_value(),
        app_secret=settings.meta_app_secret.get_secret_value(),
        verify_token=settings.meta_verify_token.get_secret_value(),
        base=settings.meta_base,
        templates=json.loads(settings.meta_templates or "{}"),
    )


def telegram(  # its ports
    settings: Settings,
    session: aiohttp.ClientSession,
    clock: Clock,
    files: KnownFiles,
    gaps: Gaps,
    rates: Rates,
) -> Telegram:
    """Telegram's Bot API."""
    return Telegram(
        session,
        now=clock.now,
        files=files,
        token=settings.telegram_token.get_secret_value(),
        secret=settings.telegram_secret.get_secret_value(),
        base=settings.telegram_base,
        gaps=gaps,
        rates=rates,
    )


def incoming_files(settings: Settings, session: aiohttp.ClientSession) -> Fetching:
    """Fetches what people send, over each channel that is configured."""
    found: dict[str, ChannelFiles] = {}
    token = next(iter(secrets_of(settings.telegram_token.get_secret_value())), "")
    if token:
        found["telegram"] = TelegramFiles(session, token=token, base=settings.telegram_base)
    token = next(iter(secrets_of(settings.meta_token.get_secret_value())), "")
    if token:
        found["meta"] = MetaFiles(
            session, token=token, number=settings.meta_phone_id, base=settings.meta_base
        )
    tokens = secrets_of(settings.twilio_token.get_secret_value())
    if tokens and settings.twilio_sid:
        found["twilio"] = TwilioFiles(
            session, account_sid=settings.twilio_sid, tokens=tokens, base=settings.twilio_base
        )
    return Fetching(found)
