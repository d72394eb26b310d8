# SPDX-License-Identifier: GPL-3.0-or-later
"""This script makes README's picture of the terminal: ``python -m tests.picture_of_terminal FILE``.

The real program plays to a sound server of its own, in a screen in memory; its cells are painted by Qt.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.soundserver import SoundServer

if TYPE_CHECKING:
    from rich.style import Style
    from textual.strip import Strip

SIZE = (96, 28)
FONT, FONT_PX = "DejaVu Sans Mono", 20
CELL_PX = (12, 24)
MARGIN_PX = 18
LINES = ("start lofi calm rap beat, 85 bpm, electric piano", "set minplay 20", "nxet", "validate")
PLAYS_S = 60.0
"""Most seconds until the picture: a made loop plays, and another is being made."""


def main(file: Path) -> None:
    """Play for a while, and write the picture."""
    with tempfile.TemporaryDirectory(prefix="pic-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        server = SoundServer(Path(folder))
        server.start()
        try:
            os.environ.update(server.environment)
            for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
                os.environ[name] = folder
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
            os.chdir(home)
            paint(shown(), file)
        finally:
            server.stop()


def shown() -> list[Strip]:
    """Return the rows of the screen."""
    from PySide6.QtGui import QGuiApplication

    from app.commands.terminal import own_settings
    from app.terminal.run_settings import RunSettings
    from app.terminal.screen import TerminalScreen
    from app.terminal.studio import TerminalStudio

    _application = QGuiApplication(sys.argv[:1])
    rows: list[Strip] = []

    def run(self: TerminalScreen, **_: Any) -> None:
        async def live() -> None:
            async with self.run_test(size=SIZE) as pilot:
                for line in LINES:
                    await pilot.pause(4.0)
                    await pilot.press(*("space" if one == " " else one for one in line), "enter")
                give_up = time.monotonic() + PLAYS_S
                while time.monotonic() < give_up:
                    rows[:] = self.screen._compositor.render_strips()
                    text = [row.text for row in rows]
                    # In the middle of a loop that was made.
                    if "ships with" not in text[1] and re.search(r"turn 1 · [6-9] ", "".join(text)):
                        break
                    await pilot.pause(0.1)
                await pilot.press(*"ne")
                await pilot.pause(0.2)
                rows[:] = self.screen._compositor.render_strips()
                self.leave()
                await pilot.pause(1.0)

        asyncio.run(live())

    TerminalScreen.run = run  # type: ignore[method-assign,assignment]
    remembered = own_settings()
    TerminalStudio(RunSettings(remembered, remembered), prompted=False).run(on_screen=True)
    return rows


def paint(rows: Sequence[Strip], file: Path) -> None:
    """Write a picture of rows of cells."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QColor, QFont, QImage, QPainter

    from app.terminal.drawing import BLOCKS
    from app.terminal.views import GROUND

    width, height = CELL_PX
    image = QImage(SIZE[0] * width + 2 * MARGIN_PX, SIZE[1] * height + 2 * MARGIN_PX, QImage.Format.Format_RGB32)
    image.fill(QColor(GROUND))
    painter = QPainter(image)
    font = QFont(FONT)
    font.setPixelSize(FONT_PX)
    for y, row in enumerate(rows):
        x = 0
        for segment in row:
            ink, ground = _colours(segment.style)
            font.setBold(bool(segment.style is not None and segment.style.bold))
            painter.setFont(font)
            for letter in segment.text:
                cell = QRectF(MARGIN_PX + x * width, MARGIN_PX + y * height, width, height)
                painter.fillRect(cell, QColor(ground))
                if letter in BLOCKS.rising[1:]:
                    cell.setTop(cell.bottom() - height * BLOCKS.rising.index(letter) / (len(BLOCKS.rising) - 1))
                    painter.fillRect(cell, QColor(ink))
                elif letter in BLOCKS.filling[1:]:
                    cell.setWidth(width * BLOCKS.filling.index(letter) / (len(BLOCKS.filling) - 1))
                    painter.fillRect(cell.adjusted(0, height / 2 - 3, 0, 3 - height / 2), QColor(ink))
                elif letter == BLOCKS.head:
                    painter.fillRect(cell.adjusted(width / 2 - 1, 0, 1 - width / 2, 0), QColor(ink))
                else:
                    painter.setPen(QColor(ink))
                    painter.drawText(cell, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, letter)
                x += 1
    painter.end()
    image.save(str(file))


def _colours(style: Style | None) -> tuple[str, str]:
    from app.terminal.views import GROUND, INK

    ink, ground = INK, GROUND
    if style is not None:
        ink = style.color.get_truecolor().hex if style.color is not None else ink
        ground = style.bgcolor.get_truecolor().hex if style.bgcolor is not None else ground
        if style.reverse:
            ink, ground = ground, ink
    return ink, ground


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
