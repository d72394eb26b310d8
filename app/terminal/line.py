# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell's line is where the screen is typed into: it completes, remembers, and takes what is pasted as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Input

from app.terminal.drawing import shown

if TYPE_CHECKING:
    from app.terminal.completing import Completer
    from app.terminal.history import History

PLACEHOLDER = "start PROMPT, next, save FILE, help …"


class Above(Protocol):
    """The screen above the line carries it out, and shows what it may become."""

    def submit(self, line: str) -> None:
        """Carry a line out."""

    def list_words(self, words: tuple[str, ...]) -> None:
        """Show what may stand there."""

    def scroll_by(self, pages: int) -> None:
        """Scroll what was said up by pages."""

    def leave(self) -> None:
        """Begin to leave."""


class ShellInput(Input):
    """The shell's line completes by Tab and goes through the history by the arrows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "back", show=False),
        Binding("down", "forth", show=False),
        Binding("ctrl+p", "back", show=False),
        Binding("ctrl+n", "forth", show=False),
        Binding("tab", "complete", show=False),
        # Enter, as it was typed before the screen was there.
        Binding("ctrl+j", "submit", show=False),
        Binding("ctrl+l", "redraw", show=False),
        Binding("ctrl+d", "leave_if_empty", show=False),
        Binding("pageup", "page(1)", show=False),
        Binding("pagedown", "page(-1)", show=False),
    ]

    def __init__(self, history: History, completer: Completer, above: Above, encoding: str) -> None:
        super().__init__(
            placeholder=shown(PLACEHOLDER, encoding),
            suggester=_Remembering(history),
            compact=True,
            select_on_focus=False,
        )
        self.cursor_blink = False
        self._history, self._completer, self._above = history, completer, above

    async def _on_key(self, event: events.Key) -> None:
        # Here, each key has its turn among the letters; as bindings they come after those that were typed meanwhile.
        for bound in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.run_action(bound.action)
            return
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        # Lines become one: what is pasted is a prompt. The base's own handler would take the first line alone.
        event.prevent_default()
        one = "".join(letter if letter.isprintable() else " " for letter in " ".join(event.text.splitlines()))
        super()._on_paste(events.Paste(one))
        event.stop()

    async def action_submit(self) -> None:
        """Carry the line out, and empty it."""
        line, self.value = self.value.strip(), ""
        if line:
            self._history.add(line)
            self._above.submit(line)

    def action_back(self) -> None:
        """Show the line before this one in the history."""
        self._put(self._history.back(self.value))

    def action_forth(self) -> None:
        """Show the line after this one in the history."""
        self._put(self._history.forth(self.value))

    def action_complete(self) -> None:
        """Go on as far as there is one way to, and list what there is."""
        found = self._completer.complete(self.value[: self.cursor_position])
        if not found.words:
            return
        rest = self.value[self.cursor_position :]
        begun = self.value[: found.start] + found.common()
        if len(found.words) == 1:
            begun += "" if begun.endswith("/") or rest.startswith(" ") else " "
        else:
            self._above.list_words(found.words)
        self._put(begun + rest, len(begun))

    def action_redraw(self) -> None:
        """Paint the screen anew, where something else wrote on it."""
        self.app.refresh(repaint=True, layout=True)

    def action_leave_if_empty(self) -> None:
        """Leave, or delete a letter where there is one."""
        if self.value:
            self.action_delete_right()
        else:
            self._above.leave()

    def action_page(self, pages: int) -> None:
        """Scroll what was said."""
        self._above.scroll_by(pages)

    def _put(self, text: str, at: int | None = None) -> None:
        self.value = text
        self.cursor_position = len(text) if at is None else at


class _Remembering(Suggester):
    """This suggester goes on with the latest line of the history that begins so."""

    def __init__(self, history: History) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._history = history

    async def get_suggestion(self, value: str) -> str | None:
        return self._history.latest(value) or None
