"""Encryption at rest of what the law wants encrypted: RRN and account numbers (korea-rules 1.5).

AES-256-GCM with a key id in front, so keys rotate; a keyed hash beside it makes equality
searchable. Keys come from settings.FIELD_KEYS (id → 32 bytes); the first one encrypts.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class Unreadable(Exception):
    """Its key is not among FIELD_KEYS any more, or it was damaged."""


def encrypt(plain: str) -> str:
    """Ciphertext as `key-id:base64(nonce ‖ sealed)`; empty stays empty."""
    if not plain:
        return ""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), key_id.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str) -> str:
    """Raises Unreadable."""
    if not stored:
        return ""
    key_id, _, body = stored.partition(":")
    try:
        raw = base64.b64decode(body)
        key = settings.FIELD_KEYS[key_id]
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise Unreadable(f"of key {key_id!r}") from error


def search_hash(plain: str) -> str:
    """Keyed hash for equality search; says nothing without the key."""
    if not plain:
        return ""
    return hmac.new(settings.SEARCH_KEY, plain.encode(), hashlib.sha256).hexdigest()


def masked(plain: str, visible: int = 4) -> str:
    """Only the last digits stay readable (korea-rules 1.4)."""
    return "*" * max(len(plain) - visible, 0) + plain[-visible:] if plain else ""
