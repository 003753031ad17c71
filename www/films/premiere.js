import { card, secondsOf } from "./shot.js";

const TOWERS = [
  { x: 8, width: 42, height: 74, crown: 10, body: "violet", lights: "peach" },
  { x: 54, width: 34, height: 112, crown: 18, body: "plum", lights: "gold" },
  { x: 94, width: 46, height: 88, crown: 8, body: "violet", lights: "sky" },
  { x: 138, width: 48, height: 138, crown: 26, body: "plum", lights: "gold" },
  { x: 190, width: 40, height: 100, crown: 12, body: "violet", lights: "peach" },
  { x: 234, width: 34, height: 122, crown: 20, body: "plum", lights: "sky" },
  { x: 272, width: 44, height: 82, crown: 9, body: "violet", lights: "gold" },
];

const dusk = [
  { shape: "rect", at: [0, 0], size: [320, 180], fill: "dusk" },
  { shape: "rect", at: [0, 70], size: [320, 110], fill: "rose", fade: 0.35 },
  { shape: "rect", at: [0, 116], size: [320, 64], fill: "peach", fade: 0.4 },
  { shape: "stars", seed: 1927, count: 50, within: [320, 80], fill: "paper" },
];

const towerAt = ({ x, width, height, crown, body, lights }) => [
  {
    shape: "path",
    d: `M${x} 180 V${180 - height} h${width / 6} v${-crown / 2} h${width / 6} v${-crown / 2} h${width / 6} v${-crown} v${crown} h${width / 6} v${crown / 2} h${width / 6} v${crown / 2} h${width / 6} V180 z`,
    fill: body,
    stroke: body,
    width: 1,
  },
  { shape: "windows", at: [x + 5, 188 - height], size: [width - 10, height - 14], seed: x, fill: lights },
];

const rising = TOWERS.map((tower, index) => ({
  shape: "group",
  at: [0, 0],
  move: [
    [index * 0.35, { y: tower.height + 50 }],
    [index * 0.35 + 2, { y: -4 }],
    [index * 0.35 + 2.4, { y: 0 }],
  ],
  layers: towerAt(tower),
}));

const searchlight = (x, phase, period) => ({
  shape: "group",
  at: [x, 180],
  sway: { turn: 0.5, period, phase },
  layers: [{ shape: "path", d: "M0 0 L-16 -230 H16 z", fill: "gold", fade: 0.28 }],
});

const airship = [
  { shape: "path", d: "M-56 0 q20 -20 62 -20 q38 0 50 20 q-12 20 -50 20 q-42 0 -62 -20 z", fill: "gold" },
  { shape: "path", d: "M-54 0 H54 M-36 -12 q40 -8 80 0 M-36 12 q40 8 80 0", stroke: "rust", width: 1.2 },
  { shape: "path", d: "M-50 0 l-16 -14 v28 z", fill: "rust" },
  { shape: "rect", at: [-12, 19], size: [30, 7], fill: "plum" },
  { shape: "text", text: "402", at: [4, 5], size: 15, fill: "plum" },
];

const firework = (x, y, start, fill) => ({
  shape: "burst",
  at: [x, y],
  radius: 42,
  rays: 16,
  fill,
  move: [
    [start, { grow: 0, fade: 0 }],
    [start + 0.1, { grow: 0.1, fade: 1 }],
    [start + 1, { grow: 1, fade: 0.9 }],
    [start + 1.7, { grow: 1.15, y: 8, fade: 0 }],
  ],
});

const clock = [
  { shape: "disc", at: [0, 0], radius: 62, fill: "plum" },
  { shape: "disc", at: [0, 0], radius: 56, fill: "paper" },
  { shape: "burst", at: [0, 0], radius: 52, rays: 12, fill: "rust" },
  { shape: "disc", at: [0, 0], radius: 40, fill: "paper" },
  {
    shape: "group",
    at: [0, 0],
    move: [
      [0, { turn: -0.52 }],
      [3.2, { turn: 0 }],
    ],
    layers: [{ shape: "path", d: "M0 8 V-46", stroke: "plum", width: 4 }],
  },
  {
    shape: "group",
    at: [0, 0],
    move: [
      [0, { turn: -0.06 }],
      [3.2, { turn: 0 }],
    ],
    layers: [{ shape: "path", d: "M0 6 V-30", stroke: "plum", width: 6 }],
  },
  { shape: "disc", at: [0, 0], radius: 5, fill: "rust" },
];

const shots = [
  card(2.6, "City of Light", "in natural colour"),
  { seconds: 6, layers: [...dusk, searchlight(70, 0, 5), searchlight(250, 2, 6), ...rising] },
  {
    seconds: 5.6,
    layers: [
      ...dusk,
      searchlight(120, 1, 4),
      ...TOWERS.flatMap(towerAt),
      {
        shape: "group",
        at: [0, 60],
        sway: { y: 3, turn: 0.02, period: 3 },
        move: [
          [0, { x: -80 }],
          [5.6, { x: 330 }],
        ],
        layers: airship,
      },
    ],
  },
  { seconds: 4, layers: [...dusk, { shape: "group", at: [160, 90], layers: clock }] },
  card(1.8, "Midnight!"),
  {
    seconds: 6.4,
    layers: [
      ...dusk,
      firework(90, 50, 0.2, "gold"),
      firework(220, 40, 0.8, "sky"),
      firework(160, 62, 1.5, "peach"),
      firework(60, 70, 2.3, "rose"),
      firework(262, 66, 2.8, "gold"),
      firework(130, 38, 3.5, "sky"),
      firework(200, 56, 4.2, "gold"),
      firework(92, 48, 4.6, "paper"),
      ...TOWERS.flatMap(towerAt),
    ],
  },
  card(2.2, "Fin"),
];

export default {
  id: "premiere",
  title: "City of Light",
  tagline: "Tonight's premiere, in colour. The matinee ticket does not open this door.",
  price: "$0.05",
  scope: "premiere",
  seconds: secondsOf(shots),
  palette: {
    ink: "#1c0f33",
    dusk: "#2b1b58",
    rose: "#c2447a",
    peach: "#f6995c",
    violet: "#43236f",
    plum: "#22104a",
    gold: "#ffd36b",
    rust: "#b5472f",
    sky: "#7fd6e8",
    paper: "#fff3d8",
  },
  poster: [
    ...dusk,
    { ...searchlight(70, 0, 5), sway: undefined, move: [[0, { turn: 0.4 }]] },
    { ...searchlight(250, 0, 5), sway: undefined, move: [[0, { turn: -0.3 }]] },
    ...TOWERS.flatMap(towerAt),
    { shape: "group", at: [110, 46], layers: airship },
  ],
  shots,
};
