/** A title card, as the silent cinema had them. */
export function card(seconds, ...lines) {
  return { seconds, card: lines };
}

export function secondsOf(shots) {
  return Math.round(shots.reduce((sum, shot) => sum + shot.seconds, 0));
}
