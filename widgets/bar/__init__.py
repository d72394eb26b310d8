# SPDX-License-Identifier: GPL-3.0-or-later
"""These widgets stand above the panels: the prompt, the transport, notices, the menu."""
