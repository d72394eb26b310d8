# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the built-in composer's music: see ``__main__``."""
