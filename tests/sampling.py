# SPDX-License-Identifier: GPL-3.0-or-later
"""This module picks the cases of one kind that ``make test`` tries; ``make soak`` tries the others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from _pytest.mark import ParameterSet


def some(cases: Sequence[object], *, every: int = 4) -> list[object | ParameterSet]:
    """Return the cases, each but the first of ``every`` marked ``soak``; a tuple is a case of several parameters."""
    return [case if at % every == 0 else _soaked(case) for at, case in enumerate(cases)]


def _soaked(case: object) -> ParameterSet:
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.soak)
