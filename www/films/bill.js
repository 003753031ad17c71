import cat from "./cat.js";
import moon from "./moon.js";
import premiere from "./premiere.js";
import tide from "./tide.js";

const films = [moon, cat, tide, premiere];

/** What anybody may read: everything but the shots. */
export const bill = films.map(({ id, title, tagline, price, scope, seconds, palette, poster }) => ({
  id,
  title,
  tagline,
  price,
  scope,
  seconds,
  path: `/films/${id}`,
  palette,
  poster,
}));

/** What a ticket buys: the film itself. */
export function reelOf(id) {
  const film = films.find((candidate) => candidate.id === id);
  return film && { id, title: film.title, palette: film.palette, shots: film.shots };
}
