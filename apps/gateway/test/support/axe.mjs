// Looks at pages as axe-core does, in a process of its own: jsdom is made of modules that Jest does not load.
// stdin: { name: html }, stdout: { name: [problem, …] }. Contrast needs a layout and is checked by resident-style.spec.ts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { JSDOM, VirtualConsole } from 'jsdom';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const pages = JSON.parse(readFileSync(0, 'utf8'));
const found = {};
for (const [name, html] of Object.entries(pages)) {
  const { window } = new JSDOM(html, {
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  window.eval(source);
  const { violations } = await window.axe.run(window.document, {
    runOnly: { type: 'tag', values: tags },
    rules: { 'color-contrast': { enabled: false } },
  });
  found[name] = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: node }) => node).join(' | ')}`);
  window.close();
}
process.stdout.write(JSON.stringify(found));
