# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses say who listens, however they are written."""

from __future__ import annotations

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d*)?|([\d.]+):\d*")


def address_in(text: str) -> Address | None:
    """Return the address of a text, as sockets and web servers write it: with a port, or of IPv4 within IPv6."""
    found = _WITH_PORT.fullmatch(text)
    plain = text if found is None else found[1] or found[2] or ""
    try:
        address = ipaddress.ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def listener_of(text: str) -> str:
    """Return what counts as one listener: an address, or all of an IPv6 network, which one household has whole."""
    address = address_in(text)
    # Of one link, machines of several households may be.
    if isinstance(address, ipaddress.IPv6Address) and not address.is_link_local:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return text if address is None else str(address)
