"""Structured logging, one line an event; numbers, names and texts never reach it whole."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Personal data reaches a log only by this list: an unknown key is dropped, so a careless call cannot leak.
ALLOWED = frozenset({
    "event", "level", "timestamp", "logger", "exc_info", "exception", "stack_info",
    "channel", "intent", "by", "confidence", "handler", "step", "kind", "code", "count", "seconds", "ms", "key_kind",
    "job", "slot", "day", "reason", "error", "url", "pid", "path", "port", "version", "market", "symbols", "sent",
    "failed", "skipped", "due", "bytes", "setting", "state", "attempt", "name", "part", "command", "status", "where",
})  # fmt: skip


def _allowlist(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep only what the list allows; count what was dropped."""
    kept = {key: value for key, value in event.items() if key in ALLOWED}
    dropped = len(event) - len(kept)
    if dropped:
        kept["dropped"] = dropped
    return kept


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
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    # An access line or an httpx request line would carry tokens in its URL.
    for noisy in ("aiohttp.access", "httpx", "apscheduler", "pymongo"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
