import { drawCard, drawLayers, FRAME } from "./draw.js";

const FRAMES_PER_SECOND = 24;
const GRAIN = 96;

/** Plays a reel on a canvas. Emits "frame", "card" with the words of a title card, and "end". */
export class Projector extends EventTarget {
  #canvas;
  #context;
  #grain = makeGrain();
  #reel;
  #second = 0;
  #shot = -1;
  #playing = false;
  #lastFrame = 0;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
  }

  get playing() {
    return this.#playing;
  }

  get progress() {
    return this.#reel ? Math.min(1, this.#second / lengthOf(this.#reel)) : 0;
  }

  load(reel) {
    this.#reel = reel;
    // The first picture that is not dark: what a film that waits for its start shows.
    this.#second = 0.5;
    this.#shot = -1;
    this.#playing = false;
    this.#draw();
  }

  play() {
    if (!this.#reel || this.#playing) return;
    if (this.progress >= 1) this.#second = 0;
    this.#playing = true;
    this.#lastFrame = performance.now();
    requestAnimationFrame((now) => this.#turn(now));
  }

  pause() {
    this.#playing = false;
  }

  #turn(now) {
    if (!this.#playing) return;
    const elapsed = (now - this.#lastFrame) / 1000;
    if (elapsed >= 1 / FRAMES_PER_SECOND - 0.004) {
      this.#lastFrame = now;
      // A tab that slept goes on where it was, not where it would have been.
      this.#second += Math.min(elapsed, 0.2);
      this.#draw();
    }
    if (this.progress >= 1) {
      this.#playing = false;
      this.dispatchEvent(new Event("end"));
      return;
    }
    requestAnimationFrame((next) => this.#turn(next));
  }

  #draw() {
    const { index, shot, second } = shotAt(this.#reel, this.#second);
    const context = this.#context;
    const scale = this.#canvas.width / FRAME.width;
    // Film never stands quite still in the gate.
    const weave = this.#playing ? Math.sin(this.#second * 11) * 0.25 : 0;
    context.setTransform(scale, 0, 0, scale, weave * scale, weave * scale * 0.6);
    if (shot.card) drawCard(context, shot.card, this.#reel.palette);
    else drawLayers(context, shot.layers, this.#reel.palette, second);
    fadeAtCut(context, second, shot.seconds);
    this.#age();
    if (index !== this.#shot) {
      this.#shot = index;
      if (shot.card) this.dispatchEvent(new CustomEvent("card", { detail: shot.card.join(" ") }));
    }
    this.dispatchEvent(new Event("frame"));
  }

  // Grain, a flicker of the lamp, now and then a scratch.
  #age() {
    const context = this.#context;
    const { width, height } = this.#canvas;
    const [dx, dy] = [Math.random() * GRAIN, Math.random() * GRAIN];
    context.setTransform(1, 0, 0, 1, -dx, -dy);
    context.globalAlpha = 0.09;
    context.fillStyle = context.createPattern(this.#grain, "repeat");
    context.fillRect(0, 0, width + GRAIN, height + GRAIN);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = Math.random() * 0.05;
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    if (Math.random() < 0.03) {
      context.globalAlpha = 0.25;
      context.fillStyle = "#fff";
      context.fillRect(Math.random() * width, 0, 1, height);
    }
    context.globalAlpha = 1;
  }
}

/** One still picture on a canvas of its own: a poster. */
export function drawPoster(canvas, film) {
  const context = canvas.getContext("2d", { alpha: false });
  const scale = canvas.width / FRAME.width;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  drawLayers(context, film.poster, film.palette, 0.9);
}

function lengthOf(reel) {
  return reel.shots.reduce((sum, shot) => sum + shot.seconds, 0);
}

function shotAt(reel, second) {
  let start = 0;
  for (const [index, shot] of reel.shots.entries()) {
    if (second < start + shot.seconds) return { index, shot, second: second - start };
    start += shot.seconds;
  }
  const shot = reel.shots.at(-1);
  return { index: reel.shots.length - 1, shot, second: shot.seconds };
}

function fadeAtCut(context, second, seconds) {
  const dark = Math.max(1 - second / 0.3, 1 - (seconds - second) / 0.25);
  if (dark <= 0) return;
  context.globalAlpha = Math.min(1, dark);
  context.fillStyle = "#000";
  context.fillRect(-2, -2, FRAME.width + 4, FRAME.height + 4);
  context.globalAlpha = 1;
}

function makeGrain() {
  const canvas = document.createElement("canvas");
  canvas.width = GRAIN;
  canvas.height = GRAIN;
  const context = canvas.getContext("2d");
  const noise = context.createImageData(GRAIN, GRAIN);
  for (let pixel = 0; pixel < noise.data.length; pixel += 4) {
    noise.data.fill(Math.random() * 255, pixel, pixel + 3);
    noise.data[pixel + 3] = 255;
  }
  context.putImageData(noise, 0, 0);
  return canvas;
}
