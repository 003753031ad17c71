import { byId } from "./element.js";

const button = byId("motion");
const preference = window.matchMedia("(prefers-reduced-motion: reduce)");

let still = preference.matches;

/** Whether pictures should stand still: asked by everything that moves. */
export function isStill() {
  return still;
}

/** A pause that gives people the time to read. */
export function beat(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function apply() {
  document.documentElement.dataset.motion = still ? "still" : "lively";
  button.setAttribute("aria-pressed", String(still));
}

button.addEventListener("click", () => {
  still = !still;
  apply();
});
preference.addEventListener("change", () => {
  still = preference.matches;
  apply();
});
apply();
