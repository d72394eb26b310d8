# SPDX-License-Identifier: GPL-3.0-or-later
"""Controllers, one a concern: where the widgets' signals meet the engine's."""
