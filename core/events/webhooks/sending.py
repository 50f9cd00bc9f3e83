"""POST to a customer's address without being led astray: public addresses only, no redirects."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 10
MAX_RESPONSE_BYTES = 4096


class Undeliverable(Exception):
    """The try came to nothing; the text says why."""


def post(url: str, payload: str, headers: dict[str, str]) -> int:
    """Send once and return the HTTP status. Raises Undeliverable."""
    target = urlsplit(url)
    address = public_address(target)
    connection = _connect(target, address)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    try:
        connection.request("POST", path, body=payload.encode(), headers=headers)
        response = connection.getresponse()
        response.read(MAX_RESPONSE_BYTES)
        return response.status
    except (OSError, http.client.HTTPException) as error:
        raise Undeliverable(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def public_address(target: SplitResult) -> str:
    """The address to connect to; every address of the name must be public.

    The connection goes to this very address, so a name cannot change its mind in between.
    """
    if target.scheme != "https" and not settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES:
        raise Undeliverable("https 주소만 쓸 수 있습니다.")
    try:
        found = socket.getaddrinfo(target.hostname or "", _port(target), type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Undeliverable(f"주소를 찾을 수 없습니다: {target.hostname}") from error
    addresses = [str(row[4][0]) for row in found]
    if not settings.WEBHOOKS_MAY_REACH_PRIVATE_ADDRESSES and not all(map(_is_public, addresses)):
        raise Undeliverable("내부망 주소로는 보내지 않습니다.")
    return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast


def _port(target: SplitResult) -> int:
    return target.port or (443 if target.scheme == "https" else 80)


def _connect(target: SplitResult, address: str) -> http.client.HTTPConnection:
    host, port = target.hostname or "", _port(target)
    if target.scheme == "https":
        return _PinnedHTTPS(host, port, address)
    plain = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    plain.sock = _dial(address, port)
    return plain


def _dial(address: str, port: int) -> socket.socket:
    try:
        return socket.create_connection((address, port), timeout=TIMEOUT_SECONDS)
    except OSError as error:
        raise Undeliverable(f"연결하지 못했습니다: {error}") from error


class _PinnedHTTPS(http.client.HTTPSConnection):
    """TLS to a fixed address, with the certificate of the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._address = address
        self._tls = ssl.create_default_context()

    def connect(self) -> None:
        raw = _dial(self._address, self.port)
        self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)
