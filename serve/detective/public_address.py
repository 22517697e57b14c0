"""A transport that only connects to addresses of the public internet, and to the one it checked.

A name is resolved once; every address it has must be public; then the connection goes to that
address, not to the name, so that a second answer of the name server (DNS rebinding) changes
nothing. The certificate is still checked against the name. Proxies of the environment are not used:
they would resolve the name themselves.

>>> is_public("93.184.215.14"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1")
(True, False, False)
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

import httpx

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class AddressRefused(httpx.TransportError):
    """The host has an address that is not public."""


class PublicTransport(httpx.AsyncBaseTransport):
    """Sends requests to checked addresses.

    Args:
        inner: makes the connections.
        allow_private: connect to private, loopback and link-local addresses too.
        resolve: host and port to addresses; the system's where None.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        allow_private: bool = False,
        resolve: Resolve | None = None,
    ) -> None:
        self._inner = inner
        self._allow_private = allow_private
        self._resolve = resolve or resolve_by_system

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request that has no body.

        Raises:
            AddressRefused: one of the host's addresses is not public.
            httpx.TransportError: the name is unknown, or no address answers.
        """
        host = request.url.host
        port = request.url.port or {"http": 80, "https": 443}[request.url.scheme]
        addresses = await self._resolve(host, port)
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise AddressRefused(f"{host} is at {address}, which is not a public address")
        failure: httpx.TransportError = httpx.ConnectError(f"{host} has no address")
        for address in addresses:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # with the name in Host
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await self._inner.handle_async_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet, in whatever form it hides."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # with a zone, such as fe80::1%eth0: of one link only
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip.teredo is not None:
            return False
        if embedded is not None:
            return is_public(str(embedded))
    return ip.is_global and not ip.is_multicast


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system knows of a host, each once.

    Raises:
        httpx.ConnectError: none.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError(f"{host}: {error.strerror or error}") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
