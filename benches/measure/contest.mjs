// A contest: equal work for everybody, checked before anything is timed.

/**
 * Checks everybody's answers. `contest.contestants` have a `name` and `work(input)`, which answers at once or, where
 * `isAsync` says so, with a promise; a contestant with `stock(inputs)` makes inputs of its own, untimed. `contest.check`
 * throws where an answer is wrong, and `contest.bad` makes inputs, by name, that everybody has to refuse by throwing.
 */
export async function examine(contest, inputs) {
  const bad = Object.entries((await contest.bad?.(inputs)) ?? {});
  for (const contestant of contest.contestants) {
    const blame = (what, cause) => new Error(`${contest.id}: ${contestant.name} ${what}`, { cause });
    const own = contestant.stock?.(inputs) ?? inputs;
    for (const [place, input] of inputs.entries()) {
      try {
        await contest.check(await contestant.work(own[place]), input);
      } catch (cause) {
        throw blame("gave a wrong answer", cause);
      }
    }
    for (const [name, input] of bad) {
      const took = await Promise.resolve().then(() => contestant.work(input)).then(() => true, () => false);
      if (took) throw blame(`took what is to be refused: ${name}`);
    }
  }
}

/** Does a contestant's work so many times. Between `begin` and `end`, which are called around it, nothing else happens. */
export async function repeat({ stock, work, isAsync }, inputs, count, begin = () => {}, end = () => {}) {
  for (let left = count; left > 0; left -= inputs.length) {
    const some = left < inputs.length ? inputs.slice(0, left) : inputs;
    const own = stock?.(some) ?? some;
    begin();
    if (isAsync) for (const input of own) await work(input);
    else for (const input of own) work(input);
    end();
  }
}
