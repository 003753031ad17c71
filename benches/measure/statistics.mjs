// Quartiles of what was measured; nothing here knows what.

/** `{ low, median, high }`: the quartiles, by linear interpolation. */
export function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place % 1);
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Quartiles of the ratio to ours, round by round: what disturbed a round disturbed both. */
export function ratios(own, ours) {
  return quartiles(own.map((value, round) => value / ours[round]));
}
