import { byId } from "../element.js";
import { beat, isStill } from "../motion.js";

const FLOOR = 222;
const PLACES = { street: 92, office: 388, doorman: 548, door: 510 };
const CASHIER = { till: 708, chain: 800 };
const HANDS = FLOOR - 46;

// On a phone the world is this many times wider than the screen.
const PHONE_WORLD = 2.15;

const world = document.querySelector(".world");
const you = byId("you");
const cashier = byId("cashier");
const speech = byId("speech");

const positions = new Map();

/** Everybody to their places, doors shut, signs off. */
export function setTheScene() {
  world.dataset.doors = "shut";
  world.dataset.sign = "off";
  hush();
  put(you, PLACES.street);
  you.style.opacity = "1";
  look(PLACES.street);
}

export async function walkToTheDoor() {
  await walk(you, PLACES.doorman);
}

/** The doorman lifts his arm and says what he wants. */
export async function turnedAway(words) {
  sign("402");
  await say(words);
}

export async function handInTheCheck() {
  sign("off");
  hush();
  await walk(you, PLACES.office);
  await pass(byId("check"), PLACES.office - 14, 306);
}

export async function takeTheTicket() {
  await pass(byId("paper-ticket"), 306, PLACES.office - 14);
}

export async function enter() {
  sign("200");
  hush();
  await walk(you, PLACES.door);
  world.dataset.doors = "open";
  await beat(450);
  await move(you, { opacity: [1, 0] }, 450);
  you.style.opacity = "0";
}

export function shutTheDoors() {
  world.dataset.doors = "shut";
  sign("off");
}

/** The doorman knows the ticket: no word about money. */
export async function wavedThrough() {
  await say("Welcome!");
}

export async function backToTheStreet() {
  hush();
  sign("off");
  await walk(you, PLACES.street);
}

/** The check is carried to the chain, and the cashier comes back. */
export async function carryTheCheck(honoured) {
  look(CASHIER.chain);
  await walk(cashier, CASHIER.chain);
  if (honoured) {
    // A chain only grows: what lies there moves on by one block.
    await move(byId("blocks"), { transform: ["translateX(0)", "translateX(-60px)"] }, 350);
    world.dataset.cashed = "true";
    await move(byId("block-new"), { transform: ["translateY(-90px)", "translateY(0)"] }, 500, "ease-in");
  }
  await beat(250);
  await walk(cashier, CASHIER.till);
}

async function walk(figure, x) {
  const from = positions.get(figure);
  if (figure === you) look(x);
  figure.classList.add("walking");
  const facing = x < from ? " scaleX(-1)" : "";
  await move(
    figure,
    { transform: [`translate(${from}px, ${FLOOR}px)${facing}`, `translate(${x}px, ${FLOOR}px)${facing}`] },
    Math.min(1400, Math.abs(x - from) * 4.4),
  );
  figure.classList.remove("walking");
  put(figure, x);
}

function put(figure, x) {
  positions.set(figure, x);
  figure.style.transform = `translate(${x}px, ${FLOOR}px)`;
}

async function pass(paper, from, to) {
  paper.style.transform = `translate(${to}px, ${HANDS}px)`;
  await move(
    paper,
    {
      opacity: [0, 1, 1, 0],
      transform: [
        `translate(${from}px, ${HANDS}px) rotate(-8deg)`,
        `translate(${from}px, ${HANDS - 8}px) rotate(4deg)`,
        `translate(${to}px, ${HANDS - 8}px) rotate(-4deg)`,
        `translate(${to}px, ${HANDS}px) scale(0.7)`,
      ],
    },
    1000,
  );
}

async function say(text) {
  byId("speech-text").textContent = text;
  speech.style.transform = "translate(604px, 140px)";
  speech.style.opacity = "1";
  await move(speech, { transform: ["translate(604px, 150px) scale(0.6)", "translate(604px, 140px)"] }, 220, "ease-out");
}

function hush() {
  speech.style.opacity = "0";
}

function sign(text) {
  world.dataset.sign = text;
  if (text !== "off") byId("lightbox").textContent = text;
}

function look(x) {
  const left = Math.min(Math.max((x / 1000) * PHONE_WORLD - 0.5, 0), PHONE_WORLD - 1);
  world.style.setProperty("--camera", `${(-100 * left) / PHONE_WORLD}%`);
}

async function move(figure, keyframes, duration, easing = "linear") {
  if (isStill()) {
    await beat(duration / 2);
    return;
  }
  // A hidden tab does not run animations to their end; the story goes on without them.
  const animation = figure.animate(keyframes, { duration, easing });
  await Promise.race([animation.finished, new Promise((resolve) => setTimeout(resolve, duration + 100))]);
}

put(cashier, CASHIER.till);
world.dataset.cashed = "false";
setTheScene();
