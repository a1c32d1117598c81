"""Reading somebody else's JSON without trusting it: what is missing or of another type is simply not there."""

import hashlib
from collections.abc import Mapping

import orjson

Raw = Mapping[str, object]
EMPTY: Raw = {}
LONGEST_ID = 512


def items(holder: Raw, name: str) -> list[Raw]:
    """The objects in a list; what is no object is left out."""
    value = holder.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def part(holder: Raw, name: str) -> Raw:
    """An object, {} if there is none."""
    value = holder.get(name)
    return value if isinstance(value, dict) else EMPTY


def text(holder: Raw, name: str) -> str:
    """A string, "" if there is none."""
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def identity(holder: Raw, name: str) -> str:
    """A string that is to be a key: "" if it is longer than any real one."""
    value = text(holder, name)
    return value if len(value) <= LONGEST_ID else ""


def digits(value: str) -> str:
    """A phone number without its "+", "" if it is none (15 digits at most: ITU-T E.164)."""
    number = value.removeprefix("+")
    return number if number.isascii() and number.isdecimal() and len(number) <= 15 else ""


def digest(raw: Raw) -> str:
    """A short id made of the content itself, so that the same event brought again is known as the same."""
    try:
        packed = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    except TypeError:  # nested too deep or a number too large to be written: its outside must do
        outside = sorted((str(key), str(value)) for key, value in raw.items() if isinstance(value, str | int))
        packed = repr(outside).encode(errors="backslashreplace")
    return hashlib.sha256(packed).hexdigest()[:24]
