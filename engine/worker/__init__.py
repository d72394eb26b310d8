# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker processes: `jobs` are their values, `process` and `library_process` their mains."""
