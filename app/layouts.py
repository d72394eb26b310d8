# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's named layouts: those that come with the studio, as tables of arrangements, and the person's own.

To add a layout: a ``Layout`` here, its name in ``FACTORY``. To add a panel: its name in each arrangement of the layouts
that show it; one that a layout does not name is hidden there until the person shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

Group = tuple[str, ...]
"""Docks that share one place as tabs, the first of them in front."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Docks by area. Groups stand one below the other at the sides, side by side at the bottom."""

    left: tuple[Group, ...]
    right: tuple[Group, ...] = ()
    bottom: tuple[Group, ...] = ()

    @property
    def docks(self) -> tuple[str, ...]:
        """The names of all docks in it."""
        return tuple(name for groups in (self.left, self.bottom, self.right) for group in groups for name in group)

    def only(self, names: Collection[str]) -> Arrangement:
        """The same with these docks alone."""

        def kept(groups: tuple[Group, ...]) -> tuple[Group, ...]:
            left = (tuple(name for name in group if name in names) for group in groups)
            return tuple(group for group in left if group)

        return Arrangement(kept(self.left), kept(self.right), kept(self.bottom))


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of the window: which panels it shows, and where they stand in windows of every size.

    Attributes
    ----------
    name
        What settings call it.
    title
        What the window calls it, in English; translated where it is shown.
    pictures
        The panels in the middle, around which the docks stand.
    arrangements
        The first whose docks all have the room they need is taken; the last one scrolls where it must.
    """

    name: str
    title: str
    pictures: tuple[str, ...]
    arrangements: tuple[Arrangement, ...]

    @property
    def panels(self) -> tuple[str, ...]:
        """The names of all panels that it shows."""
        return (*self.pictures, *self.arrangements[0].docks)

    def only(self, names: Collection[str]) -> Layout:
        """The same with these panels alone."""
        pictures = tuple(name for name in self.pictures if name in names)
        return Layout(self.name, self.title, pictures, tuple(one.only(names) for one in self.arrangements))


LISTEN = Layout(
    "listen",
    "Listen",
    (),
    (
        Arrangement(left=(("now_playing",), ("next",), ("output",)), right=(("library",),)),
        Arrangement(left=(("now_playing",), ("next", "output")), right=(("library",),)),
        Arrangement(left=(("now_playing", "next", "output"),), right=(("library",),)),
        Arrangement(left=(("now_playing", "next", "output"), ("library",))),
    ),
)
"""What a listener needs: what plays, what comes, how loud it is, and what was made."""
INSPECT = Layout(
    "inspect",
    "Inspect",
    ("waveform", "spectrogram"),
    (
        Arrangement(
            left=(("generate",), ("overlap",), ("output",)),
            right=(("now_playing",), ("next",), ("candidates",), ("library",)),
            bottom=(("metrics",), ("console",)),
        ),
        Arrangement(
            left=(("generate", "overlap"), ("output",)),
            right=(("now_playing",), ("next", "metrics"), ("candidates", "library", "console")),
        ),
        Arrangement(
            left=(("generate", "overlap", "output"),),
            right=(("now_playing", "next", "metrics"), ("candidates", "library", "console")),
        ),
        Arrangement(
            left=(
                ("generate", "overlap", "output", "now_playing", "next", "metrics"),
                ("candidates", "library", "console"),
            )
        ),
    ),
)
"""Every panel: why the loop loops, and everything that can be set."""
FACTORY = {one.name: one for one in (LISTEN, INSPECT)}
"""The layouts that come with the studio, by name, as the window lists them."""
DEFAULT = INSPECT
"""The layout of a window that nobody has used yet; it names every panel, and says where one stands that is shown."""


# --- the person's own -------------------------------------------------------------------------------------------------

MAX_OWN = 12
"""Number of layouts that a person can keep."""
MAX_NAME_CHARACTERS = 40
"""Length of a layout's name, characters."""

States = tuple[tuple[str, str], ...]
"""Names of layouts, each with how it was left (``MainWindow.layout_text``), as settings keep them.

A layout of the studio's is among them once it was used and left; all others are the person's own, oldest first.
"""


def own_names(states: States) -> tuple[str, ...]:
    """The names of the person's own layouts, in the order in which they were saved."""
    return tuple(name for name, _ in states if name not in FACTORY)


def state_of(states: States, name: str) -> str:
    """How a layout was left; "" of one that is as it came, or is not there."""
    return dict(states).get(name, "")


def with_state(states: States, name: str, state: str) -> States:
    """The states with a layout left like that; one that is new comes last."""
    return tuple({**dict(states), name: state}.items())


def without(states: States, name: str) -> States:
    """The states but for a layout's: an own one is gone, another is as it came."""
    return tuple(one for one in states if one[0] != name)


def renamed(states: States, name: str, new_name: str) -> States:
    """The states with an own layout called ``new_name``, in the same place."""
    return tuple((new_name if one == name else one, state) for one, state in states)


def in_use(name: str, states: States) -> str:
    """The name of the layout that settings call so, or the default's where there is none of that name."""
    return name if name in FACTORY or name in own_names(states) else DEFAULT.name


def is_name(value: object) -> bool:
    """Whether a layout can have this name."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_NAME_CHARACTERS
        and value == " ".join(value.split())
        and value.isprintable()
    )


def are_states(value: object, is_state: Callable[[str], bool]) -> bool:
    """Whether what was stored are states of layouts: pairs of a name and what ``is_state`` says is a state."""
    if not isinstance(value, list | tuple) or len(value) > MAX_OWN + len(FACTORY):
        return False
    if not all(isinstance(one, list | tuple) and len(one) == 2 for one in value):
        return False
    if not all(is_name(name) and isinstance(state, str) and is_state(state) for name, state in value):
        return False
    names = [name.casefold() for name, _ in value]
    return len(set(names)) == len(names) and sum(name not in FACTORY for name in names) <= MAX_OWN
