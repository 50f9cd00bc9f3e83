"""POST to a customer's address without being led astray: public addresses only, no redirects."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Event, Timer
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

CONNECT_SECONDS = 5
TIMEOUT_SECONDS = 10
"""For one try as a whole, however slowly the other side drips."""

MAX_RESPONSE_BYTES = 2048
NAT64 = ipaddress.ip_network("64:ff9b::/96")
URL_PROBLEM = "저장하지 않았습니다. 웹훅 주소는 공개된 https 주소여야 합니다."


class Undeliverable(Exception):
    """The try came to nothing; the text says why."""


class Response(NamedTuple):
    status: int
    body: str
    """As much of it as is worth keeping."""


def post(url: str, payload: str, headers: dict[str, str]) -> Response:
    """Send once, follow nothing. Raises Undeliverable."""
    try:
        target = urlsplit(url)
        address = public_address(target)
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        with _connection(target, address) as connection:
            connection.request("POST", path, body=payload.encode(), headers=headers)
            response = connection.getresponse()
            body = response.read(MAX_RESPONSE_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Undeliverable(f"{type(error).__name__}: {error}") from error
    return Response(response.status, body.decode(errors="replace").replace("\x00", ""))


def url_problem(url: str) -> str:
    """Why an address cannot be kept as an endpoint; "" when it can. Names are looked up later."""
    try:
        target = urlsplit(url)
        host, _ = target.hostname or "", target.port
    except ValueError:
        return URL_PROBLEM
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500
    if not plain or not host or target.username is not None:
        return URL_PROBLEM
    if settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES:
        return "" if target.scheme in {"http", "https"} else URL_PROBLEM
    with suppress(ValueError):
        if not _is_public(host):
            return URL_PROBLEM
    inside = host == "localhost" or host.endswith(".localhost")
    return URL_PROBLEM if target.scheme != "https" or inside else ""


def public_address(target: SplitResult) -> str:
    """The address to connect to; every address of the name must be public.

    The connection goes to this very address, so a name cannot change its mind in between.
    """
    if target.scheme != "https" and not settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES:
        raise Undeliverable("https 주소만 쓸 수 있습니다.")
    try:
        found = socket.getaddrinfo(target.hostname or "", _port(target), type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        sentence = _("주소를 찾을 수 없습니다: %(host)s")
        raise Undeliverable(sentence % {"host": target.hostname}) from error
    addresses = [str(row[4][0]) for row in found]
    if not settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES and not all(map(_is_public, addresses)):
        raise Undeliverable("내부망 주소로는 보내지 않습니다.")
    return addresses[0]


def _is_public(address: str) -> bool:
    """Whether an address is on the internet, also when it only wraps an IPv4 one."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner is None and parsed in NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return parsed.is_global and not parsed.is_multicast


def _port(target: SplitResult) -> int:
    return target.port or _default_port(target)


def _default_port(target: SplitResult) -> int:
    """The one the Host header leaves out."""
    return 443 if target.scheme == "https" else 80


@contextmanager
def _connection(target: SplitResult, address: str) -> Iterator[http.client.HTTPConnection]:
    """A pinned connection that is torn down when its time is up."""
    host, port = target.hostname or "", _port(target)
    raw = _dial(address, port)
    try:
        with _deadline(raw):
            connection = http.client.HTTPConnection(host, port)
            connection.default_port = _default_port(target)
            with closing(connection):
                connection.sock = _wrapped(raw, host) if target.scheme == "https" else raw
                yield connection
    finally:
        raw.close()


@contextmanager
def _deadline(connected: socket.socket) -> Iterator[None]:
    """Raises Undeliverable at the end when the time was up: half an answer is none."""
    is_over = Event()

    def give_up() -> None:
        is_over.set()
        with suppress(OSError):
            descriptor.shutdown(socket.SHUT_RDWR)

    descriptor = connected.dup()  # TLS takes the original over
    timer = Timer(TIMEOUT_SECONDS, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        descriptor.close()
        if is_over.is_set():
            sentence = _("%(seconds)s초 안에 답하지 않았습니다.")
            raise Undeliverable(sentence % {"seconds": TIMEOUT_SECONDS})


def _dial(address: str, port: int) -> socket.socket:
    try:
        connected = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    except OSError as error:
        sentence = _("연결하지 못했습니다: %(error)s")
        raise Undeliverable(sentence % {"error": error}) from error
    connected.settimeout(TIMEOUT_SECONDS)
    return connected


def _wrapped(raw: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
