// Where a layer is at a given second: keyframes, and a gentle sway on top.
const REST = { x: 0, y: 0, turn: 0, grow: 1, fade: 1 };

export function poseAt(layer, second) {
  const pose = { ...REST, ...(layer.fade === undefined ? {} : { fade: layer.fade }) };
  if (layer.move) Object.assign(pose, keyframeAt(layer.move, second));
  if (layer.sway) {
    const { period, phase = 0, ...amplitudes } = layer.sway;
    const swing = Math.sin((second / period) * 2 * Math.PI + phase);
    for (const [property, amplitude] of Object.entries(amplitudes)) pose[property] += amplitude * swing;
  }
  return pose;
}

function keyframeAt(keyframes, second) {
  const next = keyframes.findIndex(([time]) => time > second);
  if (next === 0) return { ...REST, ...keyframes[0][1] };
  if (next === -1) return { ...REST, ...keyframes.at(-1)[1] };
  const [startTime, start] = keyframes[next - 1];
  const [endTime, end] = keyframes[next];
  const progress = ease((second - startTime) / (endTime - startTime));
  const pose = {};
  for (const [property, rest] of Object.entries(REST)) {
    const from = start[property] ?? rest;
    pose[property] = from + ((end[property] ?? rest) - from) * progress;
  }
  return pose;
}

function ease(progress) {
  return progress * progress * (3 - 2 * progress);
}
