import { poseAt } from "./motion.js";

/** Every reel is drawn for this many units; the canvas brings them to its own size. */
export const FRAME = { width: 320, height: 180 };

const SERIF = '"Didot", "Bodoni 72", "Playfair Display", "Georgia", "DejaVu Serif", serif';

/** Draws one still: all layers of a shot at one second. */
export function drawLayers(context, layers, palette, second) {
  for (const layer of layers) drawLayer(context, layer, palette, second);
}

/** A title card in its frame. */
export function drawCard(context, lines, palette) {
  const { width, height } = FRAME;
  context.fillStyle = palette.ink;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = palette.paper;
  context.lineWidth = 1;
  context.strokeRect(14, 12, width - 28, height - 24);
  context.lineWidth = 0.5;
  context.strokeRect(18, 16, width - 36, height - 32);
  for (const [x, y] of [[14, 12], [width - 14, 12], [14, height - 12], [width - 14, height - 12]]) {
    drawFan(context, x, y, palette);
  }
  context.fillStyle = palette.paper;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const size = Math.min(24, 400 / Math.max(...lines.map((line) => line.length)));
  context.font = `italic ${size}px ${SERIF}`;
  lines.forEach((line, index) => {
    context.fillText(line, width / 2, height / 2 + (index - (lines.length - 1) / 2) * size * 1.4, width - 50);
  });
}

function drawFan(context, x, y, palette) {
  const inwards = Math.atan2(FRAME.height / 2 - y, FRAME.width / 2 - x);
  context.fillStyle = palette.ink;
  context.beginPath();
  context.arc(x, y, 15, 0, 2 * Math.PI);
  context.fill();
  for (const radius of [15, 10, 5]) {
    context.beginPath();
    const quarter = Math.round((inwards - Math.PI / 4) / (Math.PI / 2)) * (Math.PI / 2);
    context.arc(x, y, radius, quarter, quarter + Math.PI / 2);
    context.stroke();
  }
}

function drawLayer(context, layer, palette, second) {
  const pose = poseAt(layer, second);
  if (pose.fade <= 0 || pose.grow <= 0) return;
  const [x, y] = layer.at ?? [0, 0];
  context.save();
  context.globalAlpha *= Math.min(1, pose.fade);
  if (layer.shape === "rect" || layer.shape === "waves" || layer.shape === "windows") {
    context.translate(pose.x, pose.y);
  } else {
    context.translate(x + pose.x, y + pose.y);
    context.rotate(pose.turn);
    context.scale(pose.grow, pose.grow);
  }
  context.fillStyle = palette[layer.fill] ?? "transparent";
  context.strokeStyle = palette[layer.stroke ?? layer.fill] ?? "transparent";
  context.lineWidth = layer.width ?? 1;
  context.lineCap = "round";
  SHAPES[layer.shape]?.(context, layer, palette, second);
  context.restore();
}

const SHAPES = {
  group: (context, { layers }, palette, second) => drawLayers(context, layers, palette, second),

  rect: (context, { at: [x, y], size: [width, height] }) => context.fillRect(x, y, width, height),

  disc: (context, { radius, fill, stroke }) => {
    context.beginPath();
    context.arc(0, 0, radius, 0, 2 * Math.PI);
    if (fill) context.fill();
    if (stroke) context.stroke();
  },

  path: (context, { d, fill, stroke }) => {
    const path = new Path2D(d);
    if (fill) context.fill(path);
    if (stroke) context.stroke(path);
  },

  text: (context, { text, size }) => {
    context.font = `bold ${size}px ${SERIF}`;
    context.textAlign = "center";
    context.fillText(text, 0, 0);
  },

  stars: (context, { seed, count, within: [width, height] }, _palette, second) => {
    const random = randomFrom(seed);
    const { globalAlpha } = context;
    for (let star = 0; star < count; star += 1) {
      const [x, y, size, phase] = [random() * width, random() * height, random(), random()];
      context.globalAlpha = globalAlpha * (0.35 + 0.5 * size + 0.15 * Math.sin(second * 3 + phase * 6));
      context.fillRect(x, y, 0.5 + size, 0.5 + size);
    }
  },

  waves: (context, { at: [, top], height, length, speed }, _palette, second) => {
    context.beginPath();
    context.moveTo(0, FRAME.height);
    for (let x = 0; x <= FRAME.width; x += 8) {
      context.lineTo(x, top + height * Math.sin(((x + second * speed) / length) * 2 * Math.PI));
    }
    context.lineTo(FRAME.width, FRAME.height);
    context.fill();
  },

  windows: (context, { at: [left, top], size: [width, height], seed }) => {
    const random = randomFrom(seed);
    for (let y = 0; y < height; y += 7) {
      for (let x = 0; x < width - 2; x += 6) {
        if (random() > 0.45) context.fillRect(left + x, top + y, 2.6, 3.8);
      }
    }
  },

  burst: (context, { radius, rays }) => {
    context.lineWidth = 2;
    context.beginPath();
    for (let ray = 0; ray < rays; ray += 1) {
      const angle = (ray / rays) * 2 * Math.PI;
      context.moveTo(Math.cos(angle) * radius * 0.55, Math.sin(angle) * radius * 0.55);
      context.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
    }
    context.stroke();
  },
};

/** The same seed gives the same sky every night (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
