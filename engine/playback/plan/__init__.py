# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan room works out on values how one loop gives way to another, before it is heard."""
