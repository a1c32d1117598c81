"""The aiohttp application: routes, limits, health and metrics."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.channels.base import Webhook
from bot.channels.meta import Meta
from bot.channels.webchat import WebChat
from bot.dispatcher import Dispatcher
from bot.media import MediaLinks
from bot.webhooks import Webhooks
from services.domain.errors import Forbidden
from services.outbox import Outbox

LARGEST_BODY = 4 * 1024 * 1024  # Meta posts up to 3 MB; anything larger is refused with 413

Check = Callable[[], Awaitable[None]]


def build_app(  # noqa: PLR0913  # each part is handed over by name
    *,
    webhooks: Webhooks,
    channels: Mapping[str, Webhook],
    webchat: WebChat,
    media: MediaLinks,
    dispatcher: Dispatcher,
    outbox: Outbox,
    ready: Mapping[str, Check],
) -> web.Application:
    """The routes of INTERFACE. ``ready`` are the checks of ``/readyz`` by name; one that raises is not ready."""
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
        states = {name: await _state(check) for name, check in ready.items()}
        return web.json_response(states, status=200 if set(states.values()) <= {"ok"} else 503)

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
            web.get("/metrics", _metrics),
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


async def _metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _state(check: Check) -> str:
    try:
        await check()
    except Exception as error:  # noqa: BLE001  # whatever is wrong with a dependency, the answer is its name
        return type(error).__name__
    return "ok"
