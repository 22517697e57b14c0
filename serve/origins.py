"""Which sites' pages may make a browser change something here.

A browser sends what any page asks it to, and a server on this machine or behind a login would take
it for its user's own wish: cross-site request forgery. Reading is held back by the browser itself;
a request that changes something is refused here, unless the page is this server's own or from a
listed site. Programs other than browsers send no ``Origin`` and are not concerned.

Source: the Fetch standard, section 3.2 (Origin); W3C Fetch Metadata (Sec-Fetch-Site).
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.errors import ApiError

ANY = "*"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class OriginCheck:
    """Refuses what another site's page sends, where it could change something (403).

    Args:
        app: what it protects.
        allowed: origins such as ``https://example.com``; ``*`` is every one.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str] = ()) -> None:
        self.app, self.allowed = app, frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on.

        Raises:
            ApiError: 403; it comes from the page of a site that is not listed.
        """
        if scope["type"] == "http" and scope["method"] not in _READING:
            headers = Headers(scope=scope)
            if not self._welcome(headers):
                raise ApiError(
                    403,
                    "pages of other sites may not do this; the server's setting "
                    "allowed_origins can list the site",
                    code="foreign_origin",
                )
        await self.app(scope, receive, send)

    def _welcome(self, headers: Headers) -> bool:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if ANY in self.allowed or origin in self.allowed:
            return True
        if site is not None:  # every browser since 2023 says it, and no page can forge it
            return site in ("same-origin", "none")
        return origin is None or is_origin_of(origin, headers.get("host", ""))


def is_origin_of(origin: str, host: str) -> bool:
    """Return whether an ``Origin`` is that of the server called ``host`` in the same request.

    Schemes are not compared: behind a proxy that ends TLS, the server cannot know its own.

    >>> is_origin_of("http://127.0.0.1:8000", "127.0.0.1:8000")
    True
    >>> is_origin_of("https://Example.com", "example.com:443"), is_origin_of("null", "example.com")
    (True, False)
    """
    parts = urlsplit(origin)
    port = _DEFAULT_PORTS.get(parts.scheme, "")
    return bool(parts.netloc) and _bare(parts.netloc, port) == _bare(host, port)


def _bare(host: str, default_port: str) -> str:
    return host.lower().removesuffix(default_port) if default_port else host.lower()


def checked_origin(origin: str) -> str:
    """Return an origin of a list, as browsers write it.

    >>> checked_origin("https://Example.com")
    'https://example.com'

    Raises:
        ValueError: it is neither ``*`` nor SCHEME://HOST[:PORT].
    """
    if origin == ANY:
        return origin
    parts = urlsplit(origin)
    if not parts.scheme or not parts.hostname or f"{parts.scheme}://{parts.netloc}" != origin:
        raise ValueError(f"an origin is SCHEME://HOST[:PORT] or *, got {origin!r}")
    if parts.username is not None:
        raise ValueError("an origin holds no user")
    return origin.lower()
