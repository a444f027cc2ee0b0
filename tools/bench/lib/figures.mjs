export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];

/** Prints rows as a table with aligned columns. */
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const width = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const [n, row] of all.entries()) {
    console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(width[column]) : cell.padStart(width[column]))).join('  '));
    if (n === 0) console.log(width.map((w) => '─'.repeat(w)).join('  '));
  }
}

/** Prints one budget line and remembers whether it held. */
const missed = [];
export function budget(what, measured, sign, wanted, unit = '') {
  const held = sign === '≥' ? measured >= wanted : measured <= wanted;
  if (!held) missed.push(what);
  console.log(`${held ? 'held  ' : 'MISSED'}  ${what}: ${measured.toFixed(2)}${unit} (budget ${sign} ${wanted}${unit})`);
}
export const endWithBudgets = () => process.exit(missed.length === 0 ? 0 : 1);
