// SPDX-License-Identifier: GPL-3.0-or-later
// The waveform: how loud the music is, as ripples that leave the button to both sides, newest in the middle.

import { analyser, isRouted } from "./sound.js";

const STEP_MS = 40, STILL_MS = 1000;
const N_STEPS = 200;
// Of each layer: its share of the height, its opacity, and where its swell begins.
const WAVES = [[1, 0.16, 0], [0.6, 0.26, 1.7], [0.26, 0.9, 3.1]];

export class Wave {
  constructor(canvas) {
    this.canvas = canvas;
    this.levels = new Float32Array(N_STEPS);
    this.at = 0;
    this.stepped_ms = 0;
    this.smooth = 0;
    this.node = null;
    this.isOn = false;
    this.isMoving = false;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.draw = this.draw.bind(this);
    new ResizeObserver(() => this.fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.begin());
  }

  set(isOn) {
    this.isOn = isOn;
    // A sound that nobody has asked for yet has no context.
    if (isOn && isRouted && this.node === null) {
      this.node = analyser();
      this.samples = new Float32Array(this.node.fftSize);
    }
    this.begin();
  }

  begin() {
    if (!this.isMoving) requestAnimationFrame(this.draw);
    this.isMoving = true;
  }

  fit() {
    const scale = Math.min(2, devicePixelRatio || 1);
    this.canvas.width = Math.round(this.canvas.clientWidth * scale);
    this.canvas.height = Math.round(this.canvas.clientHeight * scale);
    this.paint();
  }

  heard() {
    if (!this.isOn) return 0;
    // Where the music plays by itself, nobody can listen in: the ripples are a breath.
    if (this.node === null) return 0.25 + 0.12 * Math.sin(performance.now() / 900);
    this.node.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const one of this.samples) sum += one * one;
    return Math.min(1, 4.5 * Math.sqrt(sum / this.samples.length));
  }

  draw(at_ms) {
    const n = Math.min(N_STEPS, Math.floor((at_ms - this.stepped_ms) / STEP_MS));
    if (n > 0) {
      this.smooth += 0.35 * (this.heard() - this.smooth);
      for (let i = 0; i < n; i++) {
        this.at = (this.at + 1) % N_STEPS;
        this.levels[this.at] = this.smooth;
      }
      this.stepped_ms = n === N_STEPS ? at_ms : this.stepped_ms + n * STEP_MS;
      this.paint();
    }
    // It comes to rest once all has ebbed away.
    if (this.isOn || this.levels.some((one) => one > 0.002)) {
      // No frame is asked for in which nothing would change.
      setTimeout(() => requestAnimationFrame(this.draw), this.still.matches ? STILL_MS : STEP_MS - 12);
    } else {
      this.isMoving = false;
    }
  }

  paint() {
    const { width, height } = this.canvas;
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    const middle = width / 2, base = height / 2, step = middle / (N_STEPS - 2);
    pen.fillStyle = getComputedStyle(this.canvas).color;
    const past = (i) => this.levels[(this.at - Math.max(0, i) + 2 * N_STEPS) % N_STEPS];
    // Smooth as water, and ebbing away with the distance.
    const heights = Array.from({ length: N_STEPS - 2 }, (_, i) =>
      base * (0.2 * (past(i - 2) + past(i + 2)) + 0.3 * (past(i - 1) + past(i + 1))) * (1 - i / N_STEPS) ** 1.3);
    for (const [share, alpha, phase] of WAVES) {
      const shape = new Path2D();
      for (const side of [-1, 1]) {
        for (const sign of [-1, 1]) {
          const x = (i) => middle + side * i * step;
          const y = (i) => base + sign * share * heights[i] * (0.8 + 0.2 * Math.sin(0.11 * i + phase * sign));
          shape.moveTo(middle, base);
          shape.lineTo(middle, y(0));
          for (let i = 0; i < heights.length - 2; i += 2) {
            shape.quadraticCurveTo(x(i), y(i), (x(i) + x(i + 2)) / 2, (y(i) + y(i + 2)) / 2);
          }
          shape.lineTo(middle + side * middle, base);
        }
      }
      pen.globalAlpha = alpha;
      pen.fill(shape);
    }
    pen.globalAlpha = 0.5;
    pen.fillRect(0, base - 0.5, width, 1);
    pen.globalAlpha = 1;
  }
}
