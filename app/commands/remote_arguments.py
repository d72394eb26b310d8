# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-commands that make music share these arguments: other machines, whose generators make it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_remote_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--remote`` and ``--remote-token-file``, which ``settle_remote`` reads."""
    others = parser.add_argument_group("by other machines")
    others.add_argument(
        "--remote",
        action="append",
        default=[],
        metavar="URL",
        help="have the music made by a machine on which “serve” runs, as http://192.168.1.20:8420; given several "
        "times, each clip is made by the machine that should be done first",
    )
    others.add_argument(
        "--remote-token-file", metavar="FILE", help="a text file with the token that the other machines ask for"
    )


def settle_remote(arguments: argparse.Namespace) -> None:
    """Turn what was said of other machines into the generator ``remote`` and its parameters.

    Raises
    ------
    WrongKind
        An address is none.
    GivenTwice
        Another generator is named, or the machines are named by ``--set`` too.
    NeedsOption, TokenUnusable
    """
    from engine.errors import GivenTwice, NeedsOption
    from engine.generators.remote import Remote
    from engine.generators.remote.declared import ADDRESSES, TOKEN_FILE

    named, file = arguments.remote, arguments.remote_token_file
    if not named:
        if file is not None:
            raise NeedsOption(name="--remote-token-file", option="--remote")
        return
    if arguments.generator not in (None, "", Remote.name):
        raise GivenTwice(name="what makes the music (by --generator, and by --remote)")
    asked = list(arguments.set or ())
    values = {ADDRESSES.name: _addresses(named)}
    if file is not None:
        values[TOKEN_FILE.name] = _token_file(file)
    for name, _ in asked:
        if name in values:
            raise GivenTwice(name=f"{name} (by --remote, and by --set)")
    arguments.generator, arguments.set = Remote.name, [*values.items(), *asked]
    # Settled once: who settles the same arguments again finds the generator.
    arguments.remote, arguments.remote_token_file = [], None


def _addresses(named: list[str]) -> str:
    """Return the machines as the generator's parameter has them. Raises WrongKind."""
    from engine.errors import WrongKind
    from engine.generators.remote.addresses import ADDRESS_KIND, addresses_read

    if not all(one.strip(" ,") for one in named):
        raise WrongKind(name="--remote", value="", kind=ADDRESS_KIND)
    try:
        return ", ".join(addresses_read(", ".join(named)))
    except WrongKind as error:
        # By the name that was typed.
        raise WrongKind(**{**error.fields, "name": "--remote"}) from error


def _token_file(file: str) -> str:
    """Return the file's path, once a token is found in it. Raises TokenUnusable."""
    from engine.generators.wire.tokens import token_in

    token_in(file)
    return str(Path(file).expanduser().absolute())
