import { byId, element } from "./element.js";
import { STEPS, Visit } from "./visit.js";
import { wireOf } from "./wire/panel.js";

const strip = byId("filmstrip");
const panel = byId("wire");
const visitButtons = byId("visits");

// Before the first visit the strip shows what will happen.
const NOBODY = new Visit();

let shownVisit;
let shownStep;

const frames = STEPS.map((step, index) => {
  const parts = {
    number: element("span", { className: "frame-number", "aria-hidden": "true" }, String(index + 1)),
    name: element("span", { className: "frame-name" }),
    cost: element("span", { className: "frame-cost" }),
    line: element("span", { className: "frame-line" }),
    what: element("span", { className: "frame-what" }),
  };
  const frame = element(
    "button",
    { type: "button", className: "frame", id: `frame-${step}`, role: "tab", "aria-selected": "false", "aria-controls": "wire" },
    ...Object.values(parts),
  );
  frame.tabIndex = index === 0 ? 0 : -1;
  frame.addEventListener("click", () => select(step));
  strip.append(frame);
  return { step, frame, parts };
});

strip.addEventListener("keydown", (event) => {
  const here = frames.findIndex(({ frame }) => frame === document.activeElement);
  const target = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: frames.length - 1 }[event.key];
  const next = frames[target];
  if (next === undefined) return;
  event.preventDefault();
  next.frame.focus();
  select(next.step);
});

/** Shows a visit on the strip, or refreshes what it shows. */
export function showVisit(visit) {
  shownVisit = visit;
  for (const button of visitButtons.children) {
    button.setAttribute("aria-pressed", String(button.dataset.visit === String(visit.number)));
  }
  paint();
}

export function refreshVisit(visit) {
  if (visit === shownVisit) paint();
}

/** A visit that is over stays within reach. */
export function addVisit(visit) {
  const button = element(
    "button",
    { type: "button", className: "quiet", "aria-pressed": "false", data: { visit: visit.number } },
    `${visit.number}. ${visit.film.title}`,
  );
  button.addEventListener("click", () => showVisit(visit));
  visitButtons.append(button);
  showVisit(visit);
}

/** Marks the step that is being played, and brings it into view on a narrow screen. */
export function pointAt(step) {
  for (const { step: candidate, frame } of frames) {
    if (candidate !== step) continue;
    if (frame.dataset.state === "later") frame.dataset.state = "now";
    const inset = frame.offsetLeft - (strip.clientWidth - frame.clientWidth) / 2;
    strip.scrollTo({ left: inset, behavior: "smooth" });
  }
}

function select(step) {
  shownStep = shownStep === step && !panel.hidden ? undefined : step;
  paint();
  if (!panel.hidden) panel.scrollIntoView({ block: "nearest" });
}

function paint() {
  for (const { step, frame, parts } of frames) {
    const shown = (shownVisit ?? NOBODY).frameOf(step);
    frame.dataset.state = shown.state;
    frame.dataset.tone = shown.tone ?? "";
    frame.setAttribute("aria-selected", String(step === shownStep));
    frame.tabIndex = step === (shownStep ?? STEPS[0]) ? 0 : -1;
    for (const part of ["name", "what", "line", "cost"]) parts[part].textContent = shown[part] ?? "";
  }
  panel.hidden = shownStep === undefined || shownVisit === undefined;
  if (panel.hidden) return;
  panel.setAttribute("aria-labelledby", `frame-${shownStep}`);
  panel.replaceChildren(...wireOf(shownStep, shownVisit));
}

paint();
