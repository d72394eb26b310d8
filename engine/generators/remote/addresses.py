# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses say where other machines answer, as a person writes them: several with commas between them."""

from __future__ import annotations

from urllib.parse import urlsplit

from engine.errors import WrongKind

MOST_MACHINES = 32
"""Largest number of machines that are asked."""
PORT = 8420
"""Port of “infiniloop serve”, where an address names neither a port nor a scheme."""
ADDRESS_KIND = "the address of a machine, as 192.168.1.20:8420 or https://music.example"
"""Words for what an address must be, told to a person who wrote something else."""


def addresses_read(text: str) -> tuple[str, ...]:
    """Return the addresses in ``text`` as URLs without a slash at their end, each once. Raises WrongKind."""
    urls = tuple(dict.fromkeys(_url(one.strip()) for one in text.split(",") if one.strip()))
    if len(urls) > MOST_MACHINES:
        raise WrongKind(name="addresses", value=f"{len(urls)} addresses", kind=f"{MOST_MACHINES} addresses at most")
    return urls


def _url(text: str) -> str:
    wrong = WrongKind(name="address", value=text[:100], kind=ADDRESS_KIND)
    with_scheme = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(with_scheme)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    # A secret in an address would be seen wherever addresses are.
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
        raise wrong
    if parts.fragment or not text.isprintable() or " " in text or not parts.hostname.isascii():
        raise wrong
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is None and "://" not in text:
        port = PORT
    return f"{parts.scheme}://{host}{f':{port}' if port is not None else ''}{parts.path.rstrip('/')}"
