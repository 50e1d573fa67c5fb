"""Who may ask for what a person sees and does? The sandbox's own page, and programs on this machine; no page elsewhere."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.refusals import Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def local(handler: Handler, *, is_linked_to: bool = False) -> Handler:
    """The handler, closed to others: a page elsewhere could press for you, or read along under a name of its own (DNS rebinding).

    `is_linked_to`: a link elsewhere may lead to it. What makes no sense is answered with 400.
    """

    async def guarded(request: web.Request) -> web.StreamResponse:
        if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
            raise web.HTTPForbidden(text="The sandbox answers on 127.0.0.1 only.")
        if not is_linked_to and not _is_own(request):
            raise web.HTTPForbidden(text="The sandbox answers its own page only.")
        if request.method == "POST" and request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="The sandbox's page sends JSON.")
        try:
            return await handler(request)
        except Refused as refused:
            raise web.HTTPBadRequest(text=" ".join([refused.error, *refused.details])) from refused

    return guarded


def _is_own(request: web.Request) -> bool:
    """Programs send neither header; browsers send at least one of them with what a page elsewhere asks for."""
    origin = request.headers.get("Origin")
    is_from_here = origin is None or urlsplit(origin).netloc == request.host
    return is_from_here and request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
