// SPDX-License-Identifier: GPL-3.0-or-later
// A toast is a sentence that stands over the page for a while, and moves nothing.

const TOAST_MS = 8000;
let timer = 0;

export function toast(text) {
  const box = document.getElementById("toast");
  clearTimeout(timer);
  box.textContent = text;
  timer = setTimeout(() => { box.textContent = ""; }, TOAST_MS);
}
