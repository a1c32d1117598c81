"""Structured logging, one line an event; numbers, names and texts never reach it whole, not even through a library."""

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from typing_extensions import override

# Personal data reaches a log only by this list: an unknown key is dropped, so a careless call cannot leak.
ALLOWED = frozenset({
    "event", "level", "timestamp", "logger", "exc_info", "exception",
    "channel", "intent", "by", "confidence", "handler", "step", "kind", "code", "count", "seconds", "ms", "key_kind",
    "job", "slot", "day", "reason", "error", "url", "pid", "path", "port", "version", "market", "symbols", "sent",
    "failed", "skipped", "due", "bytes", "setting", "state", "attempt", "name", "part", "command", "status", "where",
})  # fmt: skip
OURS = ("bot", "handlers", "scheduling", "services")
LONGEST = 300
# Values of allowed keys pass through this: what looks like a person or a secret is taken out wherever it comes from.
_SECRETS = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)\S+"  # an address may bear a token, a password, a signed link
    r"|\b\d{5,}:[\w-]{10,}"  # Telegram's token
    r"|\bwamid\.\S+|\b(?:AC|SM|MM|HX|SK|MG)[0-9a-f]{32}\b|\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{8,}"  # ids of WhatsApp
    r"|\+?\d{7,}"  # longer than any code: a phone number, a chat's id, an amount
)
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|<[^>\n]*>")
_WARNING = re.compile(r"([^/\\]+:\d+): (\w+):")


def set_up(*, json_lines: bool, quiet: bool = False) -> None:
    """Log to stderr: JSON lines for machines, coloured lines on a terminal. Libraries speak from warning up."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _allowlist,
            _told_by_place,
            _scrub,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.handlers = [*(kept for kept in root.handlers if not isinstance(kept, Quietly)), Quietly()]
    logging.captureWarnings(capture=True)
    # An access line or an httpx request line would carry tokens in its URL.
    for noisy in ("aiohttp.access", "httpx", "apscheduler", "pymongo"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_ended


class Quietly(logging.Handler):
    """What libraries say, as one line of ours: the sentence they wrote, without what they fill it with.

    Their arguments are URLs, bodies, addresses and people's words; an exception's own words are no better, so of it
    only the class and the place are told.
    """

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Tell a record; never raises."""
        error = record.exc_info[1] if record.exc_info else None
        found = {"error": type(error).__name__, "where": where(error.__traceback__)} if error else {}
        try:
            structlog.get_logger().log(
                record.levelno, "library", logger=record.name, reason=_sentence(record), **found
            )
        except Exception:  # noqa: BLE001  # as logging itself does: a log line is worth no crash
            self.handleError(record)

    @override
    def handleError(self, record: logging.LogRecord) -> None:  # logging's own name
        """The usual one prints the record with its arguments."""
        sys.stderr.write(f"a log line of {record.name} could not be written\n")


def where(trace: TracebackType | None) -> str:
    """File and line of the innermost frame: enough to find it, and it can hold nobody's words."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def _allowlist(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep only what the list allows; count what was dropped."""
    kept = {key: value for key, value in event.items() if key in ALLOWED}
    dropped = len(event) - len(kept)
    if dropped:
        kept["dropped"] = dropped
    return kept


def _told_by_place(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """An exception as its class and place: the last line of a traceback repeats somebody's words."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = f"{type(error).__name__} at {where(error.__traceback__)}"
    return event


def _scrub(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = scrubbed(value)
    return event


def scrubbed(text: str) -> str:
    """A value without addresses, tokens, ids and long numbers, on one line, cut to a sensible length."""
    return _SECRETS.sub(lambda found: f"{found['scheme'] or ''}…", text.replace("\n", " "))[:LONGEST]


def _sentence(record: logging.LogRecord) -> str:
    """What a record says: of ours all of it, of a library the sentence without its fillings."""
    text = str(record.msg)
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    if record.name == "py.warnings":
        found = _WARNING.search(record.getMessage())
        return f"{found[2]} at {found[1]}" if found else "a warning"
    return _QUOTED.sub("…", text.partition("\n")[0]) if not record.args else text.partition("\n")[0]


def _unraisable(problem: "sys.UnraisableHookArgs") -> None:
    error = problem.exc_value
    structlog.get_logger().error("unraisable", error=type(error).__name__, where=where(problem.exc_traceback))


def _thread_ended(problem: threading.ExceptHookArgs) -> None:
    name = problem.exc_type.__name__
    structlog.get_logger().error("thread_ended", error=name, where=where(problem.exc_traceback))
