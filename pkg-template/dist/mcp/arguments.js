// A tool's arguments against its schema: as much of JSON Schema as our tools use.

/** What is wrong, as a sentence; undefined where nothing is. */
export function misfit(given, schema, name = "The arguments") {
  const { type, pattern, properties = {}, required = [], additionalProperties } = schema;
  const kind = Array.isArray(given) ? "array" : given === null ? "null" : typeof given;
  if (![type].flat().includes(kind)) return `${name}: this is ${[type].flat().join(" or ")}, not ${kind}.`;
  if (pattern && !new RegExp(pattern).test(given)) return `${name} is not of the form ${pattern}.`;
  if (kind !== "object") return undefined;
  const missing = required.find((member) => given[member] === undefined);
  if (missing) return `${missing} is missing.`;
  for (const [member, value] of Object.entries(given)) {
    const expected = Object.hasOwn(properties, member) ? properties[member] : additionalProperties;
    if (expected === false) return `${member} is no argument here.`;
    const problem = typeof expected === "object" && misfit(value, expected, member);
    if (problem) return problem;
  }
}
