"""Twilio's list of messages, of both directions, in its own shape."""

from datetime import UTC
from email.utils import format_datetime
from urllib.parse import urlencode

from aiohttp import web

MOST = 1000


class Book:
    """What was said, oldest first."""

    def __init__(self):
        self.rows = []

    def add(self, form, sid, body, direction, at):
        """Note a message; returns its row."""
        media = 1 if "MediaUrl" in form else int(form.get("NumMedia", "0"))
        row = {"sid": sid, "body": body, "media": media, "direction": direction, "created": at}
        self.rows.append(row | {"from": form.get("From", ""), "to": form.get("To", "")})
        return self.rows[-1]

    def page(self, request, account, now):
        """Newest first. ``DateSent>`` finds nothing: what is still queued has no date of sending."""
        asked = request.query
        rows = [row for row in reversed(self.rows) if asked.get("To", row["to"]) == row["to"]]
        rows = [] if any(name.startswith("DateSent") for name in asked) else rows
        size, page = min(int(asked.get("PageSize", "50")), MOST), int(asked.get("Page", "0"))
        more = {**asked, "Page": str(page + 1), "PageSize": str(size)}
        following = f"{request.path}?{urlencode(more)}" if len(rows) > (page + 1) * size else None
        held = [shown(row, account) for row in rows[page * size : (page + 1) * size]]
        body = {"messages": held, "next_page_uri": following, "page": page, "page_size": size}
        date = format_datetime(now.astimezone(UTC), usegmt=True)
        return web.json_response(body | {"uri": request.path_qs}, headers={"Date": date})


def shown(row, account):
    """A message as the API shows it."""
    made = format_datetime(row["created"].astimezone(UTC))
    times = {"date_created": made, "date_updated": made, "date_sent": None}
    state = {"status": "queued", "error_code": None, "num_media": str(row["media"]), "account_sid": account}
    return {key: row[key] for key in ("sid", "body", "direction", "from", "to")} | times | state
