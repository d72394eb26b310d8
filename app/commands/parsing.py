# SPDX-License-Identifier: GPL-3.0-or-later
"""A command's parser takes its options anywhere: also between a folder and the prompts that follow it."""

from __future__ import annotations

import argparse
from typing import Any


class CommandParser(argparse.ArgumentParser):
    """A parser that takes options between arguments too, where argparse by itself only does around them."""

    _is_within = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the namespace and what is left over, as argparse does."""
        has_deeds = any(one.nargs in (argparse.PARSER, argparse.REMAINDER) for one in self._get_positional_actions())
        if self._is_within or has_deeds:
            return super().parse_known_args(args, namespace)
        # It calls this method twice: for the options, and for what stands between them.
        self._is_within = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_within = False
