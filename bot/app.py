"""The aiohttp application: routes, limits, health and metrics."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.channels.base import Webhook
from bot.channels.meta import Meta
from bot.channels.webchat import WebChat
from bot.dispatcher import Dispatcher
from bot.health import Health
from bot.media import MediaLinks
from bot.webhooks import Webhooks
from services.domain.errors import Forbidden
from services.outbox import Outbox

LARGEST_BODY = 4 * 1024 * 1024  # Meta posts up to 3 MB; anything larger is refused with 413


def build_app(  # noqa: PLR0913  # each part is handed over by name
    *,
    webhooks: Webhooks,
    channels: Mapping[str, Webhook],
    webchat: WebChat,
    media: MediaLinks,
    dispatcher: Dispatcher,
    outbox: Outbox,
    health: Health,
    look: Callable[[], Awaitable[None]],
) -> web.Application:
    """The routes of INTERFACE. ``look`` brings the levels of ``/metrics`` up to now; it never raises."""
    app = web.Application(client_max_size=LARGEST_BODY)

    async def hang_up(_app: web.Application) -> None:
        # An open page's socket is a request that never ends: without this the stop would wait for its time limit.
        await webchat.close()

    app.on_shutdown.append(hang_up)

    async def twilio(request: web.Request) -> web.Response:
        empty = web.Response(text="<Response/>", content_type="text/xml")
        return await webhooks.receive(request, channels["twilio"], answer=empty)

    async def meta(request: web.Request) -> web.Response:
        return await webhooks.receive(request, channels["meta"], answer=web.Response())

    async def telegram(request: web.Request) -> web.Response:
        return await webhooks.receive(request, channels["telegram"], answer=web.Response())

    async def challenge(request: web.Request) -> web.Response:
        return _challenged(channels["meta"], request)

    async def readyz(_request: web.Request) -> web.Response:
        report = await health.report()
        body = {"state": report.state, **report.findings}
        return web.json_response(body, status=503 if report.state == "not ready" else 200)

    async def metrics(_request: web.Request) -> web.Response:
        await look()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.add_routes(
        [
            web.post("/webhooks/twilio", twilio),
            web.post("/webhooks/twilio/status", twilio),
            web.get("/webhooks/meta", challenge),
            web.post("/webhooks/meta", meta),
            web.post("/webhooks/telegram", telegram),
            web.get("/media/{signed}", media.serve),
            web.get("/healthz", _alive),
            web.get("/readyz", readyz),
            web.get("/metrics", metrics),
            *webchat.routes(accept=dispatcher.accept, history=outbox.history),
        ]
    )
    return app


def _challenged(channel: Webhook, request: web.Request) -> web.Response:
    """Meta's check of its webhook: 404 if the door is closed, 403 for the wrong word."""
    if not isinstance(channel, Meta) or not channel.challengeable:
        raise web.HTTPNotFound
    try:
        return web.Response(text=channel.challenge(request.query))
    except Forbidden:
        raise web.HTTPForbidden from None


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})
