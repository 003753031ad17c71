import { card, secondsOf } from "./shot.js";

const sky = [
  { shape: "rect", at: [0, 0], size: [320, 180], fill: "night" },
  { shape: "stars", seed: 402, count: 70, within: [320, 130], fill: "paper" },
];

const faceOf = (mood, radius) => [
  { shape: "disc", at: [0, 0], radius, fill: "moon" },
  { shape: "disc", at: [-radius * 0.46, radius * 0.5], radius: radius * 0.13, fill: "crater" },
  { shape: "disc", at: [radius * 0.5, -radius * 0.55], radius: radius * 0.17, fill: "crater" },
  { shape: "disc", at: [radius * 0.62, radius * 0.34], radius: radius * 0.09, fill: "crater" },
  { shape: "disc", at: [-radius * 0.3, -radius * 0.12], radius: radius * 0.075, fill: "night" },
  mood === "wink"
    ? { shape: "path", d: scaled("M18 -12 q10 8 22 0", radius), stroke: "night", width: radius * 0.05 }
    : { shape: "disc", at: [radius * 0.28, -radius * 0.12], radius: radius * 0.075, fill: "night" },
  { shape: "path", d: scaled(BROWS[mood], radius), stroke: "night", width: radius * 0.05 },
  { shape: "path", d: scaled(MOUTHS[mood], radius), stroke: "night", width: radius * 0.05 },
];

const BROWS = {
  calm: "M-44 -30 q14 -8 26 0 M16 -30 q14 -8 26 0",
  stern: "M-46 -34 l30 10 M44 -34 l-30 10",
  wink: "M-44 -34 q14 -10 26 -2 M16 -26 q14 -8 26 2",
};

const MOUTHS = {
  calm: "M-20 30 q20 10 40 0",
  stern: "M-20 38 q20 -12 40 0",
  wink: "M-30 24 q30 36 60 0",
};

const shell = [
  { shape: "path", d: "M-12 -6 h15 q13 1 13 6 q0 5 -13 6 h-15 q-3 -6 0 -12 z", fill: "shell" },
  { shape: "path", d: "M-9 -6 v12 M2 -6 v12", stroke: "night", width: 1 },
  { shape: "disc", at: [8, 0], radius: 2.2, fill: "night" },
];

const ticket = [
  { shape: "rect", at: [-13, -8], size: [26, 16], fill: "shell" },
  { shape: "text", text: "ADMIT", at: [0, -1], size: 6, fill: "night" },
  { shape: "text", text: "ONE", at: [0, 5], size: 6, fill: "night" },
];

const puff = (delay, drift) => ({
  shape: "disc",
  at: [0, 0],
  radius: 5,
  fill: "paper",
  move: [
    [delay, { fade: 0, grow: 0.3 }],
    [delay + 0.2, { fade: 0.9, grow: 0.8 }],
    [delay + 1.9, { x: drift, y: -16, fade: 0, grow: 2.6 }],
  ],
});

const shots = [
  card(2.4, "A Trip", "to the Moon"),
  {
    seconds: 6.4,
    layers: [
      ...sky,
      { shape: "group", at: [238, 56], sway: { turn: 0.05, period: 5 }, layers: faceOf("calm", 34) },
      { shape: "path", d: "M0 180 V146 q50 -26 104 -4 q58 22 110 4 q60 -20 106 6 V180 z", fill: "hill" },
      {
        shape: "group",
        at: [74, 120],
        layers: shell,
        move: [
          [0, { x: -22, y: 22, turn: -0.7, fade: 0 }],
          [1.8, { x: -22, y: 22, turn: -0.7, fade: 0 }],
          [1.95, { x: -8, y: 8, turn: -0.7, fade: 1 }],
          [4.2, { x: 86, y: -62, turn: -0.45, fade: 1 }],
          [6.4, { x: 140, y: -66, turn: 0.08, grow: 0.8, fade: 1 }],
        ],
      },
      { shape: "group", at: [66, 122], layers: [puff(1.8, 14), puff(1.9, -6), puff(2.05, 26), puff(2.2, 6)] },
      {
        shape: "group",
        at: [46, 142],
        move: [
          [1.75, { x: 0, y: 0 }],
          [1.85, { x: -5, y: 4 }],
          [2.8, { x: 0, y: 0 }],
        ],
        layers: [
          { shape: "path", d: "M-10 -4 L20 -28 L28 -18 L0 6 z", fill: "ink" },
          { shape: "disc", at: [-4, 4], radius: 9, fill: "ink" },
          { shape: "disc", at: [-4, 4], radius: 3, fill: "hill" },
        ],
      },
    ],
  },
  card(2.4, "The Moon was in.", "It asked for a ticket."),
  {
    seconds: 4.2,
    layers: [
      ...sky,
      { shape: "group", at: [214, 92], sway: { turn: 0.03, period: 1.4 }, layers: faceOf("stern", 74) },
      {
        shape: "group",
        at: [74, 96],
        sway: { y: 4, period: 1.1 },
        move: [
          [0, { x: -100, y: 20 }],
          [1.6, { x: 24, y: 2 }],
          [2, { x: 8, y: 0 }],
          [4.2, { x: 6, y: 0 }],
        ],
        layers: shell,
      },
      {
        shape: "text",
        text: "402",
        at: [112, 52],
        size: 26,
        fill: "paper",
        move: [
          [1.7, { fade: 0, grow: 0.4 }],
          [2, { fade: 1, grow: 1.15 }],
          [2.2, { fade: 1, grow: 1 }],
        ],
      },
    ],
  },
  card(2.2, "A small paper", "changes hands."),
  {
    seconds: 5.4,
    layers: [
      ...sky,
      { shape: "group", at: [214, 92], sway: { turn: 0.05, period: 2.6 }, layers: faceOf("wink", 74) },
      {
        shape: "group",
        at: [110, 92],
        sway: { turn: 0.2, period: 1.2 },
        layers: ticket,
        move: [
          [0, { x: -14, y: 0, grow: 0.6 }],
          [1.7, { x: 88, y: 24, grow: 1 }],
          [2.1, { x: 102, y: 30, grow: 0.2, fade: 1 }],
          [2.2, { x: 102, y: 30, grow: 0.1, fade: 0 }],
        ],
      },
      {
        shape: "group",
        at: [76, 92],
        layers: shell,
        move: [
          [1.8, { x: 0, y: 0 }],
          [3.6, { x: 82, y: -44, turn: -0.35 }],
          [4.2, { x: 92, y: -32, turn: 0.6 }],
        ],
      },
      {
        shape: "path",
        d: "M176 48 v-26 l18 6 l-18 7",
        fill: "night",
        stroke: "night",
        width: 1.4,
        move: [
          [4.2, { y: 18, fade: 0 }],
          [4.8, { y: 0, fade: 1 }],
        ],
      },
    ],
  },
  card(2, "Fin"),
];

/** Path data drawn for a face of radius 100, brought to another radius. */
function scaled(d, radius) {
  return d.replace(/-?\d+/g, (digits) => String(Math.round(Number(digits) * radius) / 100));
}

export default {
  id: "moon",
  title: "A Trip to the Moon",
  tagline: "A shell, a hill, and a moon that wants to see your ticket.",
  price: "$0.01",
  scope: "matinee",
  seconds: secondsOf(shots),
  palette: {
    ink: "#0c1324",
    night: "#17233f",
    hill: "#0f1a31",
    moon: "#e9e2c8",
    crater: "#cfc6a6",
    paper: "#f3ecd6",
    shell: "#a9bde6",
  },
  poster: [
    ...sky,
    { shape: "group", at: [206, 84], layers: faceOf("wink", 62) },
    { shape: "group", at: [92, 112], move: [[0, { turn: -0.45, grow: 2.2 }]], layers: shell },
    { shape: "path", d: "M0 180 V160 q50 -20 104 -4 q58 18 110 4 q60 -16 106 6 V180 z", fill: "hill" },
  ],
  shots,
};
