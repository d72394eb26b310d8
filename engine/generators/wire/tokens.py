# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens are secrets in files: what a client has to show before it is answered."""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import PasswordUnusable, TokenUnusable

LEAST_CHARACTERS = 16
"""Number of characters of the shortest token: a shorter one can be guessed."""
_MOST_BYTES = 4096


def password_in(path: str) -> str:
    """Return the password in a text file: its only line. Raises PasswordUnusable."""
    try:
        return token_in(path, least_characters=1)
    except TokenUnusable as error:
        raise PasswordUnusable(**error.fields) from error


def token_in(path: str, *, least_characters: int = LEAST_CHARACTERS) -> str:
    """Return the token in a text file: its only line. Raises TokenUnusable."""
    try:
        with Path(path).expanduser().open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise TokenUnusable(path=path, least=least_characters, detail=detail) from error
    token = raw.decode("ascii", "replace").strip()
    if not token:
        raise TokenUnusable(path=path, least=least_characters, detail="it is empty")
    if len(raw) > _MOST_BYTES or not all("!" <= one <= "~" for one in token):
        raise TokenUnusable(path=path, least=least_characters, detail="it holds more than that")
    if len(token) < least_characters:
        raise TokenUnusable(path=path, least=least_characters, detail="it is shorter")
    return token


def make_token(path: str) -> bool:
    """Write a new token where there is no file yet, for its owner's eyes only; return whether it was written.

    Raises TokenUnusable.
    """
    import secrets

    try:
        descriptor = os.open(Path(path).expanduser(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except (OSError, ValueError, RuntimeError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise TokenUnusable(path=path, least=LEAST_CHARACTERS, detail=detail) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
    return True
