const whole = new Intl.NumberFormat("en");

export function milliseconds(value) {
  return value < 10 ? `${value.toFixed(1)} ms` : `${whole.format(Math.round(value))} ms`;
}

export function bytes(value) {
  return `${whole.format(value)} B`;
}

export function dollars(decimal) {
  return `$${Number(decimal).toFixed(2)}`;
}

export function clock(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

export function shortHex(hex) {
  return hex.length > 14 ? `${hex.slice(0, 8)}…${hex.slice(-4)}` : hex;
}
