import { card, secondsOf } from "./shot.js";

const sky = [
  { shape: "rect", at: [0, 0], size: [320, 180], fill: "dusk" },
  { shape: "disc", at: [60, 40], radius: 15, fill: "lamp" },
  { shape: "disc", at: [66, 36], radius: 14, fill: "dusk" },
  { shape: "stars", seed: 12, count: 40, within: [320, 90], fill: "lamp" },
];

const lighthouse = [
  { shape: "path", d: "M-44 60 q10 -20 44 -20 q36 0 46 20 z", fill: "rock" },
  { shape: "path", d: "M-13 42 L-8 -32 H8 L13 42 z", fill: "lamp" },
  { shape: "path", d: "M-11.6 22 L-10.2 2 H10.2 L11.6 22 z M-9.4 -12 L-8.3 -26 H8.3 L9.4 -12 z", fill: "rock" },
  { shape: "rect", at: [-11, -35], size: [22, 3], fill: "rock" },
  { shape: "rect", at: [-6, -46], size: [12, 11], fill: "lamp" },
  { shape: "path", d: "M-9 -46 L0 -56 L9 -46 z", fill: "rock" },
];

const beam = {
  shape: "group",
  at: [262, 69],
  sway: { turn: 0.5, period: 7 },
  layers: [
    { shape: "path", d: "M0 0 L-330 -44 V58 z", fill: "lamp", fade: 0.2 },
    { shape: "path", d: "M0 0 L-330 -14 V26 z", fill: "lamp", fade: 0.25 },
  ],
};

const boat = [
  { shape: "path", d: "M-20 0 H20 L13 11 H-13 z", fill: "lamp" },
  { shape: "path", d: "M0 -20 L13 0 H-13 z", fill: "lamp" },
  { shape: "path", d: "M0 -20 V0 M-20 0 L0 4 L20 0", stroke: "sea", width: 1 },
];

const sea = (top, depth = 0) => [
  { shape: "waves", at: [0, top], height: 5, length: 90, speed: 14, fill: "swell" },
  { shape: "waves", at: [0, top + 14 + depth], height: 6, length: 120, speed: -18, fill: "sea" },
  { shape: "waves", at: [0, top + 32 + depth], height: 5, length: 76, speed: 26, fill: "deep" },
];

const whale = [
  {
    shape: "path",
    d: "M-84 6 q8 -40 74 -40 q54 0 82 22 q12 8 26 2 q-4 14 -18 16 q14 6 20 18 q-20 0 -32 -12 q-34 16 -84 14 q-60 -2 -68 -20 z",
    fill: "rock",
  },
  { shape: "path", d: "M-80 8 q30 18 86 14", stroke: "swell", width: 1.6 },
  { shape: "disc", at: [-58, -4], radius: 2.6, fill: "lamp" },
  { shape: "path", d: "M-30 14 q10 20 26 20 q-4 -14 -6 -22 z", fill: "deep" },
];

const bubble = (x, start, radius) => ({
  shape: "disc",
  at: [x, 170],
  radius,
  stroke: "lamp",
  width: 1,
  move: [
    [start, { y: 0, fade: 0 }],
    [start + 0.3, { y: -10, fade: 0.8 }],
    [start + 3, { x: 8, y: -130, fade: 0.1 }],
  ],
});

const spout = {
  shape: "path",
  d: "M-4 0 q-2 -30 -20 -34 q16 -4 24 14 q8 -18 24 -14 q-18 4 -20 34 z",
  fill: "lamp",
};

const shots = [
  card(2.4, "The Lighthouse", "Waltz"),
  {
    seconds: 6.6,
    layers: [
      ...sky,
      beam,
      { shape: "group", at: [262, 116], layers: lighthouse },
      ...sea(126).slice(0, 1),
      {
        shape: "group",
        at: [0, 132],
        sway: { y: 3, turn: 0.14, period: 2.2 },
        move: [
          [0, { x: -30 }],
          [6.6, { x: 176 }],
        ],
        layers: boat,
      },
      ...sea(126).slice(1),
    ],
  },
  card(2.4, "Below, somebody", "was humming."),
  {
    seconds: 6,
    layers: [
      { shape: "rect", at: [0, 0], size: [320, 180], fill: "sea" },
      { shape: "path", d: "M40 0 L-20 180 H60 L80 0 z M180 0 L150 180 H240 L220 0 z", fill: "swell", fade: 0.35 },
      {
        shape: "group",
        at: [170, 12],
        sway: { y: 2, turn: 0.1, period: 2 },
        move: [[0, { turn: 0 }]],
        layers: [{ shape: "path", d: "M-20 -12 H20 L13 4 H-13 z", fill: "lamp" }],
      },
      {
        shape: "group",
        at: [0, 100],
        sway: { y: 4, turn: 0.06, period: 3 },
        move: [
          [0, { x: 430, y: 20 }],
          [6, { x: 120, y: -4 }],
        ],
        layers: whale,
      },
      bubble(70, 0.4, 4),
      bubble(100, 1.4, 2.4),
      bubble(240, 2.2, 5),
      bubble(210, 2.9, 3),
      { shape: "path", d: "M0 180 V164 q60 -14 130 -2 q90 14 190 -4 V180 z", fill: "deep" },
    ],
  },
  {
    seconds: 6,
    layers: [
      ...sky,
      beam,
      { shape: "group", at: [262, 116], layers: lighthouse },
      ...sea(122).slice(0, 1),
      {
        shape: "group",
        at: [130, 150],
        move: [
          [0, { y: 40, grow: 0.9 }],
          [2, { y: 6, grow: 0.9 }],
          [6, { x: -14, y: 4, grow: 0.9 }],
        ],
        layers: whale,
      },
      {
        shape: "group",
        at: [118, 120],
        sway: { grow: 0.12, period: 0.7 },
        move: [
          [1.8, { y: 30, grow: 0, fade: 0 }],
          [2.5, { y: 0, grow: 1.2, fade: 1 }],
        ],
        layers: [spout],
      },
      {
        shape: "group",
        at: [118, 128],
        sway: { turn: 0.3, period: 1.6, y: 3 },
        move: [
          [1.8, { y: 0 }],
          [2.6, { y: -56 }],
          [6, { y: -52 }],
        ],
        layers: boat,
      },
      ...sea(126, 4).slice(1),
    ],
  },
  card(2, "Fin"),
];

export default {
  id: "tide",
  title: "The Lighthouse Waltz",
  tagline: "A paper boat, a beam of light, and somebody large who hums, after dark.",
  price: "$0.02",
  scope: "late show",
  seconds: secondsOf(shots),
  palette: {
    ink: "#07191b",
    dusk: "#143b3f",
    swell: "#2c6f6d",
    sea: "#1c5153",
    deep: "#0d3133",
    rock: "#0a2426",
    lamp: "#f0ecd2",
    paper: "#f0ecd2",
  },
  poster: [
    ...sky,
    { ...beam, at: [240, 59], sway: undefined },
    { shape: "group", at: [240, 106], layers: lighthouse },
    ...sea(118).slice(0, 1),
    { shape: "group", at: [96, 122], move: [[0, { turn: -0.12, grow: 1.8 }]], layers: boat },
    ...sea(124).slice(1),
  ],
  shots,
};
