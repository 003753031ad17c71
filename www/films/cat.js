import { card, secondsOf } from "./shot.js";

const sky = [
  { shape: "rect", at: [0, 0], size: [320, 180], fill: "dusk" },
  { shape: "stars", seed: 7, count: 60, within: [320, 120], fill: "paper" },
];

const roofs = [
  { shape: "path", d: "M0 180 V128 l42 -24 l44 26 v-14 h14 v22 l60 -10 l56 14 v-40 h16 v34 l40 -20 l48 30 V180 z", fill: "ink" },
  { shape: "rect", at: [30, 140], size: [9, 12], fill: "glow" },
  { shape: "rect", at: [44, 140], size: [9, 12], fill: "glow" },
  { shape: "rect", at: [262, 148], size: [9, 12], fill: "glow" },
  { shape: "rect", at: [180, 158], size: [9, 12], fill: "glow" },
];

const cat = (phase) => [
  {
    shape: "group",
    at: [15, 0],
    sway: { turn: 0.35, period: 2.4 + phase },
    layers: [{ shape: "path", d: "M0 0 q18 -2 20 -18 q1 -12 10 -14", stroke: "ink", width: 5 }],
  },
  { shape: "path", d: "M-16 4 q-2 -34 8 -42 q8 -4 16 0 q14 14 10 42 z", fill: "ink" },
  {
    shape: "group",
    at: [-2, -44],
    sway: { turn: 0.14, period: 3 + phase },
    layers: [
      { shape: "path", d: "M-13 -4 L-12 -22 L-4 -13 H4 L12 -22 L13 -4 q0 13 -13 13 q-13 0 -13 -13 z", fill: "ink" },
      { shape: "disc", at: [-5, -3], radius: 2.6, fill: "glow" },
      { shape: "disc", at: [5, -3], radius: 2.6, fill: "glow" },
      { shape: "path", d: "M-5 -6 v6 M5 -6 v6", stroke: "ink", width: 1.1 },
      { shape: "path", d: "M-16 2 l-9 -2 M-16 4 l-9 2 M16 2 l9 -2 M16 4 l9 2", stroke: "ink", width: 0.8 },
    ],
  },
];

const comet = [
  { shape: "path", d: "M0 0 L-120 -34 L-96 -16 L-134 -8 L-92 2 L-110 20 z", fill: "glow", fade: 0.35 },
  { shape: "path", d: "M0 0 L-86 -20 L-62 -6 L-90 6 z", fill: "paper", fade: 0.7 },
  { shape: "disc", at: [0, 0], radius: 8, fill: "paper" },
];

const passing = (start, end, from, to) => ({
  shape: "group",
  at: [0, 0],
  move: [
    [start, from],
    [end, to],
  ],
  layers: comet,
});

const shots = [
  card(2.4, "The Cat Who", "Saw It Twice"),
  {
    seconds: 6.4,
    layers: [
      ...sky,
      passing(1, 5.6, { x: -30, y: 20, turn: 0.18 }, { x: 480, y: 110, turn: 0.18 }),
      ...roofs,
      { shape: "group", at: [136, 134], layers: cat(0) },
    ],
  },
  card(2.6, "The ticket was still good.", "So the cat stayed."),
  {
    seconds: 6.8,
    layers: [
      ...sky,
      passing(0.8, 4, { x: -30, y: 70, turn: -0.12, grow: 0.8 }, { x: 470, y: 6, turn: -0.12, grow: 0.8 }),
      passing(2.6, 6.4, { x: -60, y: 10, turn: 0.2, grow: 1.5 }, { x: 540, y: 130, turn: 0.2, grow: 1.5 }),
      ...roofs,
      { shape: "group", at: [136, 134], layers: cat(0) },
      {
        shape: "group",
        at: [196, 146],
        move: [
          [0.4, { x: 150 }],
          [2, { x: 0 }],
        ],
        layers: [{ shape: "group", at: [0, 0], move: [[0, { grow: 0.8 }]], layers: cat(0.7) }],
      },
      {
        shape: "group",
        at: [84, 132],
        move: [
          [1.2, { x: -140 }],
          [3, { x: 0 }],
        ],
        layers: [{ shape: "group", at: [0, 0], move: [[0, { grow: 0.62 }]], layers: cat(1.3) }],
      },
    ],
  },
  card(2, "Fin"),
];

export default {
  id: "cat",
  title: "The Cat Who Saw It Twice",
  tagline: "A roof, a comet, and a ticket that is still good.",
  price: "$0.01",
  scope: "matinee",
  seconds: secondsOf(shots),
  palette: { ink: "#1d0f08", dusk: "#6b3a1c", glow: "#f2b65a", paper: "#fbe9c6" },
  poster: [
    ...sky,
    { shape: "group", at: [258, 62], move: [[0, { turn: 0.16, grow: 1.3 }]], layers: comet },
    ...roofs,
    { shape: "group", at: [120, 138], move: [[0, { grow: 1.5 }]], layers: cat(0) },
  ],
  shots,
};
