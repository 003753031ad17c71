// Numbers as people read them: three digits that mean something.

/** `0.123`, `1.23`, `12.3`, `123`, `1,230`. */
export function figure(value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toPrecision(3)).toLocaleString("en", { minimumFractionDigits: Math.min(digits, 3), maximumFractionDigits: Math.min(digits, 3) });
}

/** `12.3 (12.1–12.9)`: the median, and the quartiles around it. */
export const spread = ({ low, median, high }) => `${figure(median)} (${figure(low)}–${figure(high)})`;

/** `×1.23`: how many times ours. */
export const times = (value) => `×${figure(value)}`;
