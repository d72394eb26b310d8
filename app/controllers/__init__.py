# SPDX-License-Identifier: GPL-3.0-or-later
"""This package has the controllers, one a concern: there the widgets' signals meet the engine's."""
