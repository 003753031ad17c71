import { byId, element } from "./element.js";
import { drawPoster } from "./projector/projector.js";

const holder = byId("posters");
const posters = new Map();

/** Hangs the posters. `onChoose` gets the film that somebody wants to see. */
export function hangPosters(films, onChoose) {
  for (const film of films) {
    const canvas = element("canvas", { width: 480, height: 270, "aria-hidden": "true" });
    drawPoster(canvas, film);
    const price = element("span", { className: "poster-price" });
    const button = element(
      "button",
      { type: "button", className: "poster", data: { film: film.id } },
      canvas,
      element(
        "span",
        { className: "poster-text" },
        element("span", { className: "poster-class" }, `${film.scope} · ${film.seconds} s`),
        element("span", { className: "poster-title" }, film.title),
        element("span", { className: "poster-tagline" }, film.tagline),
      ),
      price,
    );
    button.addEventListener("click", () => {
      if (holder.dataset.busy !== "true") onChoose(film);
    });
    posters.set(film.id, { film, button, price });
    const link = element("a", { className: "poster-link", href: film.path, "aria-label": `${film.path}: the direct link to ${film.title}` }, film.path);
    holder.append(element("li", {}, button, link));
  }
  markPrices([]);
}

/** A film whose ticket is in your hand costs nothing more. */
export function markPrices(openScopes) {
  for (const { film, price } of posters.values()) {
    const open = openScopes.includes(film.scope);
    price.textContent = open ? "your ticket" : film.price;
    price.dataset.free = String(open);
  }
}

/** One visit at a time: the posters wait, but stay in the tab order so that focus is not lost. */
export function holdPosters(busy, showing) {
  holder.dataset.busy = String(busy);
  for (const { film, button } of posters.values()) {
    button.setAttribute("aria-disabled", String(busy));
    button.dataset.showing = String(film.id === showing?.id);
  }
}
