# SPDX-License-Identifier: GPL-3.0-or-later
"""This module keeps bytes as text in the settings, with a checksum: what was damaged since is not believed."""

from __future__ import annotations

import binascii
import zlib

from PySide6.QtCore import QByteArray

CHECK_GAP = "."
"""Separator between stored bytes and their checksum; base64 has no such letter."""


def as_text(data: QByteArray) -> str:
    """Return the bytes as text, with a checksum: Qt believes what it is given to restore, and crashes on damage."""
    content = data.data()
    return f"{zlib.crc32(content):08x}{CHECK_GAP}{data.toBase64().toStdString()}"


def from_text(text: str) -> QByteArray:
    """Return the bytes that ``as_text`` wrote; none for any other text."""
    try:
        content = QByteArray(binascii.a2b_base64(text.partition(CHECK_GAP)[2], strict_mode=True))
    except ValueError:
        return QByteArray()
    # Letter for letter: the last one of base64 may hold bits that mean nothing.
    return content if as_text(content) == text else QByteArray()
