// What whoever waits reads: one line for each contestant.

export function tell({ sections }) {
  for (const { title, tables } of sections) {
    console.log(`\n${title}`);
    for (const table of tables) {
      console.log(`  ${table.title}, ${table.unit}`);
      for (const { name, value, ratio } of table.rows) {
        const figures = [value.median.toFixed(1).padStart(12), ratio ? `×${ratio.median.toFixed(2)}`.padStart(10) : ""];
        console.log(`    ${name.padEnd(40)}${figures.join("")}`);
      }
    }
  }
}
