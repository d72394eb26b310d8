# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of ``make bench-continue``: how well a recording is heard, by what joins in."""
