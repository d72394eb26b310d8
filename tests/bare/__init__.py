# SPDX-License-Identifier: GPL-3.0-or-later
"""The bare tests try both commands on a Debian that has nothing: see ``__main__``."""
