"""What a setting's text may be: each kind checked once, with a sentence that says what is wrong."""

import json
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode


def url(*schemes: str) -> AfterValidator:
    """A URL of one of these schemes, without its last slash; empty = unset."""

    def check(value: str) -> str:
        if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value.rstrip("/")

    return AfterValidator(check)


def aware(value: datetime | None) -> datetime | None:
    """A time with its offset."""
    if value is not None and value.tzinfo is None:
        raise ValueError("needs its offset from UTC")
    return value


def commas(value: object) -> object:
    """A list written with commas."""
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def addresses(value: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses of people: channel, colon, key."""
    known = ("telegram:", "whatsapp:", "web:")
    for entry in value:
        if not entry.startswith(known) or not entry.partition(":")[2]:
            raise ValueError(f"{entry!r} is no address of the form telegram:ID or whatsapp:+92…")
    return value


def voices(value: tuple[str, ...]) -> tuple[str, ...]:
    """Names of voices, at least one."""
    unknown = set(value) - {"fish", "openai", "offline"}
    if unknown or not value:
        raise ValueError("must name voices among fish, openai, offline")
    return value


def json_object(value: str) -> str:
    """A JSON object as text; empty = unset."""
    if value and not isinstance(json.loads(value), dict):
        raise ValueError("must be a JSON object")
    return value


Commas = Annotated[tuple[str, ...], NoDecode, BeforeValidator(commas)]
