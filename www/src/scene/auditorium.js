import { byId } from "../element.js";
import { beat, isStill } from "../motion.js";
import { Projector } from "../projector/projector.js";

const canvas = byId("screen");
const playButton = byId("play");
const progress = byId("film-progress");
const projector = new Projector(canvas);

let title = "";

/** Draws the curtain and starts the film; with still pictures the visitor starts it. */
export async function show(film, reel) {
  title = film.title;
  canvas.setAttribute("aria-label", `${film.title}. ${film.tagline}`);
  byId("film-title").textContent = film.title;
  projector.load(reel);
  document.body.dataset.curtain = "open";
  document.body.dataset.seated = "true";
  await beat(900);
  byId("film-controls").hidden = false;
  if (!isStill()) projector.play();
  refresh();
}

/** Lights up, curtain shut: before the next visit. */
export function closeTheCurtain() {
  projector.pause();
  byId("film-controls").hidden = true;
  canvas.setAttribute("aria-label", "The screen. Nothing is playing.");
  document.body.dataset.curtain = "shut";
  document.body.dataset.seated = "false";
  refresh();
}

function refresh() {
  document.body.dataset.playing = String(projector.playing);
  const again = projector.progress >= 1;
  playButton.textContent = projector.playing ? "Pause" : again ? "Again" : "Play";
  playButton.setAttribute("aria-label", `${playButton.textContent}: ${title}`);
}

playButton.addEventListener("click", () => {
  if (projector.playing) projector.pause();
  else projector.play();
  refresh();
});

projector.addEventListener("end", refresh);
projector.addEventListener("frame", () => {
  progress.value = projector.progress;
});
projector.addEventListener("card", ({ detail }) => {
  canvas.setAttribute("aria-label", `${title}: “${detail}”`);
});
