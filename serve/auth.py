"""Who is asking: keys and their limits from a file, or the caller's address where that is enough.

The file holds no key, only its hash:

    [keys.alice]
    sha256 = "9f86d081..."          # of the key's text, 64 hexadecimal digits
    requests_per_minute = 60        # the defaults are those of serve.limiter.Limits
    tokens_per_minute = 100000
    burst_s = 60
    admin = false

Keys are made here (``python -m serve.auth new alice``), 256 random bits each. That is why a plain
hash is right: salts and slow hashes protect what people choose, by making a guess dear, and here
there is nothing to guess; a keyed hash would add one more secret to lose and protect nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import ipaddress
import re
import secrets
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minilora.command import Parser
from serve.limiter import Limits

KEY_PREFIX = "mlk_"  # lets a scanner of leaked secrets recognise one
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
HASH = re.compile(r"[0-9a-f]{64}")
BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)
LIMIT_FIELDS = ("requests_per_minute", "tokens_per_minute", "burst_s")


class InvalidKey(Exception):
    """No key where one is needed, or an unknown one (HTTP 401); its message is for the caller."""

    code = "invalid_api_key"


@dataclass(frozen=True)
class Identity:
    """Who is asking.

    Attributes:
        name: of the key, or ``anonymous:ADDRESS``; the limiter's key.
        limits: of that name.
        admin: may do what changes the server for others.
        anonymous: without a key.
    """

    name: str
    limits: Limits
    admin: bool = False
    anonymous: bool = False


@dataclass(frozen=True)
class Key:
    """A row of the keys file: a hash and whom it stands for."""

    sha256: str
    identity: Identity


class Authenticator:
    """Tells callers apart.

    Args:
        keys: those that are known.
        anonymous: limits of each address without a key; None asks everyone for a key.
    """

    def __init__(self, keys: Sequence[Key] = (), anonymous: Limits | None = None):
        self._keys, self._anonymous = tuple(keys), anonymous

    def identify(self, authorization: str | None, address: str | None) -> Identity:
        """Return who is asking.

        A wrong key is refused even where none is needed, unless there are no keys at all: OpenAI's
        client cannot be used without one and is given any.

        Args:
            authorization: the header's value; None where it is missing.
            address: of the caller; None where it is not known, as on a Unix socket.

        Raises:
            InvalidKey: no key where one is needed, an unknown one, or not a bearer's.
        """
        key = bearer_key(authorization)
        if key is not None and (identity := self._find(key)) is not None:
            return identity
        if self._anonymous is not None and (key is None or not self._keys):
            name = f"anonymous:{address_group(address)}"
            return Identity(name, self._anonymous, anonymous=True)
        if key is None:
            raise InvalidKey("an API key is needed: send the header Authorization: Bearer KEY")
        raise InvalidKey("the API key is not known here")

    def _find(self, key: str) -> Identity | None:
        """Compare with every key, so that the time taken tells nothing of which one is near."""
        sha256, found = hash_key(key), None
        for known in self._keys:
            if hmac.compare_digest(known.sha256, sha256):
                found = known.identity
        return found


def bearer_key(authorization: str | None) -> str | None:
    """Return the key of an Authorization header, or None where it holds none.

    >>> bearer_key("Bearer mlk_1"), bearer_key("bearer"), bearer_key(None)
    ('mlk_1', None, None)

    Raises:
        InvalidKey: another scheme than Bearer, or more than one key.
    """
    header = (authorization or "").strip()
    if header.lower() in ("", "bearer"):  # OpenAI's client sends the latter for an empty key
        return None
    if (match := BEARER.fullmatch(header)) is None:
        raise InvalidKey("the Authorization header must be: Bearer KEY")
    return match[1]


def hash_key(key: str) -> str:
    """Return what the keys file holds of a key: sha256 of its UTF-8 text, in hexadecimal."""
    return hashlib.sha256(key.encode("utf-8")).hexdigest()


def address_group(address: str | None) -> str:
    """Return what counts as one caller: an IPv4 address, or an IPv6 network of 64 bits.

    A household or a rented machine gets a whole /64; whoever counted single IPv6 addresses would
    count nobody. An IPv4 address written as IPv6 is an IPv4 address.

    >>> address_group("192.0.2.1"), address_group("::ffff:192.0.2.1")
    ('192.0.2.1', '192.0.2.1')
    >>> address_group("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    """
    if address is None:
        return "unknown"
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])  # fe80::1%eth0
    except ValueError:  # the path of a Unix socket, say
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def read_keys(path: Path) -> tuple[Key, ...]:
    """Return the keys of a file.

    Raises:
        FileNotFoundError: no such file.
        ValueError: not TOML, an unknown or wrong field, or a hash that stands there twice; the
            message names the file and the key.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not a TOML file: {error}") from error
    rows = document.pop("keys", {})
    if document or not isinstance(rows, dict):
        raise ValueError(f"{path}: only tables [keys.NAME] may stand there")
    keys: dict[str, Key] = {}
    for name, row in rows.items():
        try:
            key = _read_key(name, row)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path}: [keys.{name}]: {error}") from error
        if key.sha256 in keys:
            other = keys[key.sha256].identity.name
            raise ValueError(f"{path}: [keys.{name}]: the same key as [keys.{other}]")
        keys[key.sha256] = key
    return tuple(keys.values())


def _read_key(name: str, row: Any) -> Key:
    if not NAME.fullmatch(name):
        raise ValueError("a name is 1 to 64 letters, digits, - and _")
    if not isinstance(row, dict):
        raise ValueError("must be a table")
    if unknown := row.keys() - {"sha256", "admin", *LIMIT_FIELDS}:
        raise ValueError(f"unknown field {min(unknown)}")
    sha256, admin = row.get("sha256"), row.get("admin", False)
    if not isinstance(sha256, str) or not HASH.fullmatch(sha256):
        raise ValueError("sha256 must be 64 hexadecimal digits in small letters")
    if not isinstance(admin, bool):
        raise ValueError(f"admin must be true or false, got {admin!r}")
    limits = {field: row[field] for field in LIMIT_FIELDS if field in row}
    for field, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{field} must be a number, got {value!r}")
    return Key(sha256, Identity(name, Limits(**limits), admin))


def new_key(name: str, admin: bool = False) -> tuple[str, str]:
    """Return a new key and the lines of the keys file that make it known.

    Raises:
        ValueError: a name that cannot stand there.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"a name is 1 to 64 letters, digits, - and _, got {name!r}")
    key, limits = KEY_PREFIX + secrets.token_urlsafe(32), Limits()
    lines = [f"[keys.{name}]", f'sha256 = "{hash_key(key)}"']
    lines += [f"{field} = {getattr(limits, field)}" for field in LIMIT_FIELDS]
    lines += [f"admin = {str(admin).lower()}"]
    return key, "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Run ``python -m serve.auth new NAME``: key and lines on stdout, what to do on stderr."""
    parser = Parser(prog="python -m serve.auth", description="Make keys for the server's callers.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    new = commands.add_parser("new", help="print a new key, once, and its lines of the keys file")
    new.add_argument("name", metavar="NAME", help="whom it is for: letters, digits, - and _")
    new.add_argument(
        "--admin", action=argparse.BooleanOptionalAction, default=False, help="(default: no)"
    )
    arguments = parser.parse_args(argv)
    try:
        key, lines = new_key(arguments.name, arguments.admin)
    except ValueError as error:
        parser.error(str(error))
    print("Give this key to its user; it is kept nowhere and not shown again:", file=sys.stderr)
    print(key + "\n")
    print("Add these lines to the server's keys file and start it again:", file=sys.stderr)
    print(lines)


if __name__ == "__main__":
    main()
