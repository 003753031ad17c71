// Bars as SVG: one row for each contestant, ours in another colour, whiskers from quartile to quartile.

const ROW = 26;
const LEFT = 268;
const WIDTH = 760;
const RIGHT = 92;
const TOP = 44;

/** `rows` are `{ name, isOurs, low, median, high, label }`; `unit` is written under the title. */
export function plot({ title, unit, rows }) {
  const most = Math.max(...rows.map(({ high }) => high));
  const span = WIDTH - LEFT - RIGHT;
  const x = (value) => LEFT + (most > 0 ? (value / most) * span : 0);
  const height = TOP + rows.length * ROW + 12;
  const bars = rows.map((row, place) => bar(row, TOP + place * ROW, x));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .unit, .figure { fill: #59636e }
  rect { fill: #9aa4af }
  .ours rect { fill: #0f766e }
  .ours .name { font-weight: 600 }
  line { stroke: #1f2328; stroke-opacity: .55 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .unit, .figure { fill: #9198a1 }
    rect { fill: #57606a }
    .ours rect { fill: #2dd4bf }
    line { stroke: #e6edf3 }
  }
</style>
<text class="title" x="0" y="16">${escaped(title)}</text>
<text class="unit" x="0" y="34">${escaped(unit)}</text>
${bars.join("\n")}
</svg>
`;
}

function bar({ name, isOurs, low, median, high, label }, y, x) {
  const [middle, end] = [y + ROW / 2, x(median)];
  const whisker = high > low ? `<line x1="${px(x(low))}" x2="${px(x(high))}" y1="${middle}" y2="${middle}"/>` : "";
  return `<g${isOurs ? ' class="ours"' : ""}><text class="name" x="${LEFT - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>\
<rect x="${LEFT}" y="${y + 4}" width="${px(Math.max(end - LEFT, 1))}" height="${ROW - 8}" rx="2"/>${whisker}\
<text class="figure" x="${px(Math.max(end, x(high)) + 6)}" y="${middle + 4}">${escaped(label)}</text></g>`;
}

const px = (value) => value.toFixed(1);
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
