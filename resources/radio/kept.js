// SPDX-License-Identifier: GPL-3.0-or-later
// What this browser keeps; one that keeps nothing (a private window, perhaps) begins anew each time.

export function kept(name, otherwise) {
  try {
    return localStorage.getItem(name) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, String(value));
  } catch {
    // The page works without.
  }
}
