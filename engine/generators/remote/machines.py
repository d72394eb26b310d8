# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads from the settings which machines are asked, and with which token."""

from __future__ import annotations

from engine.generators.remote.addresses import addresses_read
from engine.generators.remote.declared import ADDRESSES, CONNECT_S, TOKEN_FILE
from engine.generators.remote.speaker import Machine
from engine.generators.wire.tokens import token_in
from engine.values import Parameters


def machines_of(values: Parameters) -> tuple[Machine, ...]:
    """Return the machines that are set, with the token. Raises WrongKind, TokenUnusable."""
    urls = addresses_read(values.text(ADDRESSES.name))
    path = values.text(TOKEN_FILE.name)
    token = token_in(path) if path and urls else ""
    connect_s = values.number(CONNECT_S.name) if CONNECT_S.name in values else CONNECT_S.default_number
    return tuple(Machine(url, token, connect_s) for url in urls)
