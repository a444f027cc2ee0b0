/** @type {import('./progress.mjs').Colour[]} */
const colours = ['cyan', 'magenta', 'blue', 'green', 'yellow'];
const width = 16;

/**
 * Puts the service's name before each of its lines, each service in its own colour.
 * @param {import('./progress.mjs').Report} report
 * @returns {(instance: string, line: string) => void}
 */
export function linePrinter(report) {
  /** @type {Map<string, string>} */
  const prefixes = new Map();
  return (instance, line) => {
    let prefix = prefixes.get(instance);
    if (prefix === undefined) {
      const colour = colours[prefixes.size % colours.length] ?? 'cyan';
      prefix = report.paint(colour, `${instance.padEnd(width)}|`);
      prefixes.set(instance, prefix);
    }
    report.line(`${prefix} ${line}`);
  };
}
