# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's named layouts: those that come with the studio, as tables of arrangements, and the person's own.

To add a layout: a ``Layout`` here, its name in ``FACTORY``. To add a panel: its name in each arrangement of the layouts
that show it; one that a layout does not name is hidden there until the person shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum

Group = tuple[str, ...]
"""Docks that share one place as tabs, the first of them in front."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """An arrangement tells which docks stand where: one below the other at the sides, side by side at the bottom."""

    left: tuple[Group, ...]
    right: tuple[Group, ...] = ()
    bottom: tuple[Group, ...] = ()

    @property
    def docks(self) -> tuple[str, ...]:
        """Return the names of all docks in it."""
        return tuple(name for groups in (self.left, self.bottom, self.right) for group in groups for name in group)

    def only(self, names: Collection[str]) -> Arrangement:
        """Return the arrangement with these docks alone."""

        def kept(groups: tuple[Group, ...]) -> tuple[Group, ...]:
            left = (tuple(name for name in group if name in names) for group in groups)
            return tuple(group for group in left if group)

        return Arrangement(kept(self.left), kept(self.right), kept(self.bottom))

    def without_bottom(self) -> Arrangement:
        """Return the arrangement with what stands at the bottom as tabs below the column at the right instead."""
        below = tuple(name for group in self.bottom for name in group)
        return Arrangement(self.left, (*self.right, below)) if below else self


class Form(StrEnum):
    """A form is what the window is made of: bars and panels, or in little, without panels, a few controls."""

    FULL = "full"
    SMALL = "small"
    MINI = "mini"


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout tells which panels the window shows, and where they stand in windows of every size.

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
    form
        One that is not full shows no panel, and has a place on the screen of its own.
    side_share
        Share of the width that the left column takes where no picture stands in the middle.
    keyboard
        The panel that gets the keyboard when the layout is chosen; "" leaves it where it is.
    """

    name: str
    title: str
    pictures: tuple[str, ...]
    arrangements: tuple[Arrangement, ...]
    form: Form = Form.FULL
    side_share: float = 0.38
    keyboard: str = ""

    @property
    def panels(self) -> tuple[str, ...]:
        """Return the names of all panels that it shows."""
        return (*self.pictures, *self.arrangements[0].docks)

    def only(self, names: Collection[str]) -> Layout:
        """Return the layout with these panels alone."""
        pictures = tuple(name for name in self.pictures if name in names)
        arrangements = tuple(one.only(names) for one in self.arrangements)
        if not pictures:
            # With nothing in the middle, a row below it would be all that holds the columns apart.
            arrangements = tuple(one.without_bottom() for one in arrangements)
        return replace(self, pictures=pictures, arrangements=arrangements)


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
"""The layout for listening shows what plays, what comes, how loud it is, and what was made."""
INSPECT = Layout(
    "inspect",
    "Inspect",
    ("waveform", "spectrogram"),
    (
        Arrangement(
            left=(("generate",), ("overlap",), ("output",)),
            right=(("now_playing",), ("next",), ("candidates",), ("library", "fragments", "jam")),
            bottom=(("metrics", "live", "transition"), ("console", "score_map", "seam_scope")),
        ),
        # No more tabs in one place than can be read whole, in every language.
        Arrangement(
            left=(("generate", "overlap"), ("output", "live", "console")),
            right=(
                ("now_playing",),
                ("next", "metrics", "score_map"),
                ("candidates", "library", "seam_scope", "transition", "fragments", "jam"),
            ),
        ),
        Arrangement(
            left=(("generate", "overlap"), ("output", "live", "console")),
            right=(
                ("now_playing", "next", "metrics", "score_map"),
                ("candidates", "library", "seam_scope", "transition", "fragments", "jam"),
            ),
        ),
        Arrangement(
            left=(("generate", "overlap", "output", "live"),),
            right=(
                ("now_playing", "next", "metrics", "score_map"),
                ("candidates", "library", "console", "seam_scope", "transition", "fragments", "jam"),
            ),
        ),
        Arrangement(
            left=(
                ("generate", "overlap", "output", "now_playing", "next", "metrics", "score_map"),
                ("candidates", "library", "console", "seam_scope", "transition", "live", "fragments", "jam"),
            )
        ),
    ),
)
"""The layout for inspecting shows every panel: why the loop loops, and everything that can be set."""
PERFORM = Layout(
    "perform",
    "Perform",
    (),
    (
        Arrangement(left=(("now_playing",), ("next",), ("output",), ("console",)), right=(("fragments",),)),
        Arrangement(left=(("now_playing",), ("next", "output", "console")), right=(("fragments",),)),
        Arrangement(left=(("now_playing", "next", "output", "console"),), right=(("fragments",),)),
        Arrangement(left=(("now_playing", "next", "output", "console"), ("fragments",))),
    ),
)
"""The layout for the stage shows the fragments, as large as there is room, beside what the studio plays itself."""
JAM = Layout(
    "jam",
    "Jam",
    (),
    (
        Arrangement(left=(("output",), ("library",), ("console",)), right=(("jam",),)),
        Arrangement(left=(("output",), ("library", "console")), right=(("jam",),)),
        Arrangement(left=(("output", "library", "console"),), right=(("jam",),)),
        Arrangement(left=(("jam", "output", "library", "console"),)),
    ),
    side_share=0.24,
    keyboard="jam",
)
"""The layout for a jam gives it nearly all the window."""
SMALL = Layout("small", "Small window", (), (Arrangement(left=()),), Form.SMALL)
"""The small window: prompt, transport, duration, STATUS and QUIT, and next to no work for the machine."""
MINI = Layout("mini", "Mini", (), (Arrangement(left=()),), Form.MINI)
"""The layout of a bar of one line, above all other windows."""
FACTORY = {one.name: one for one in (LISTEN, INSPECT, SMALL, MINI, PERFORM, JAM)}
"""Layouts that come with the studio, by name, in the order of the menu."""
DEFAULT = INSPECT
"""Layout of a window that is new; it names every panel, and so tells where a hidden one comes to stand."""


# --- the person's own -------------------------------------------------------------------------------------------------

MAX_OWN = 12
"""Number of own layouts that a person can keep."""
MAX_NAME_CHARACTERS = 40
"""Longest name of a layout, characters."""

States = tuple[tuple[str, str], ...]
"""Names of layouts, each with how it was left (``MainWindow.layout_text``), as settings keep them.

A layout of the studio's is among them once it was used and left; all others are the person's own, oldest first.
"""


def own_names(states: States) -> tuple[str, ...]:
    """Return the names of the person's own layouts, in the order in which they were saved."""
    return tuple(name for name, _ in states if name not in FACTORY)


def state_of(states: States, name: str) -> str:
    """Return how a layout was left; "" for one that is as it came, or is not there."""
    return dict(states).get(name, "")


def with_state(states: States, name: str, state: str) -> States:
    """Return the states with a layout left like that; a new one comes last."""
    return tuple({**dict(states), name: state}.items())


def without(states: States, name: str) -> States:
    """Return the states without a layout's: an own one is then gone, one of the studio's is as it came."""
    return tuple(one for one in states if one[0] != name)


def renamed(states: States, name: str, new_name: str) -> States:
    """Return the states with an own layout called ``new_name``, in the same place."""
    return tuple((new_name if one == name else one, state) for one, state in states)


def in_use(name: str, states: States) -> str:
    """Return ``name`` if there is a layout of that name, else the default's."""
    return name if name in FACTORY or name in own_names(states) else DEFAULT.name


def form_of(name: str) -> Form:
    """Return the form of the window in a layout; the person's own are full."""
    return FACTORY[name].form if name in FACTORY else Form.FULL


def full_in_use(name: str, states: States) -> str:
    """Return ``name`` if there is a layout of that name that shows panels, else the default's."""
    return in_use(name, states) if form_of(name) is Form.FULL else DEFAULT.name


def is_name(value: object) -> bool:
    """Return whether a layout can have this name."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_NAME_CHARACTERS
        and value == " ".join(value.split())
        and value.isprintable()
    )


def are_states(value: object, is_state: Callable[[str], bool]) -> bool:
    """Return whether ``value`` is what settings keep of layouts: pairs of a name and what ``is_state`` takes."""
    if not isinstance(value, list | tuple) or len(value) > MAX_OWN + len(FACTORY):
        return False
    if not all(isinstance(one, list | tuple) and len(one) == 2 for one in value):
        return False
    if not all(is_name(name) and isinstance(state, str) and is_state(state) for name, state in value):
        return False
    names = [name.casefold() for name, _ in value]
    return len(set(names)) == len(names) and sum(name not in FACTORY for name in names) <= MAX_OWN
