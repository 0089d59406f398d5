"""Hashes of passwords and tokens, as the users file holds them."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

COST, BLOCK, LANES = 1 << 14, 8, 1
"""Of scrypt: 16 MiB and some 50 ms for each try."""

_MEMORY = 64 << 20

_PASSWORD = re.compile(r"scrypt\$(\d+)\$(\d+)\$(\d+)\$([0-9a-f]+)\$([0-9a-f]+)")
_TOKEN = re.compile(r"sha256\$[0-9a-f]{64}")


def password_hash(password: str) -> str:
    """Return a new hash of a password, with a salt of its own."""
    salt = secrets.token_bytes(16)
    return f"scrypt${COST}${BLOCK}${LANES}${salt.hex()}${_scrypt(password, salt).hex()}"


def password_is(password: str, hashed: str) -> bool:
    """Say whether the password is the one that was hashed, in the same time either way."""
    found = _PASSWORD.fullmatch(hashed)
    if found is None:
        return False
    cost, block, lanes = map(int, found.groups()[:3])
    tried = _scrypt(password, bytes.fromhex(found[4]), cost, block, lanes)
    return hmac.compare_digest(tried, bytes.fromhex(found[5]))


def token_hash(token: str) -> str:
    """Return the hash of a token, which is random and long: it needs no salt and no cost."""
    return f"sha256${hashlib.sha256(token.encode()).hexdigest()}"


def is_password_hash(text: str) -> bool:
    """Say whether a text is such a hash, of a cost that this machine can pay."""
    found = _PASSWORD.fullmatch(text)
    if found is None or len(found[4]) % 2 or len(found[5]) % 2:
        return False
    cost, block, lanes = map(int, found.groups()[:3])
    power = cost > 1 and not cost & (cost - 1)
    return power and block > 0 and lanes > 0 and 128 * block * (cost + lanes) < _MEMORY


def is_token_hash(text: str) -> bool:
    """Say whether a text is the hash of a token."""
    return _TOKEN.fullmatch(text) is not None


def _scrypt(
    password: str, salt: bytes, cost: int = COST, block: int = BLOCK, lanes: int = LANES
) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=32
    )
