// Is package-lock.json complete, and every dependency pinned? Needs nothing installed. Argument: another folder to check.
import { resolve } from 'node:path';
import { root } from './lib/home.mjs';
import { checkLock } from './lib/lock-check.mjs';

const findings = checkLock(resolve(process.argv[2] ?? root));
for (const finding of findings) console.error(`✗ ${finding}`);
console.log(
  findings.length === 0
    ? 'package-lock.json is complete and every dependency is pinned.'
    : `${String(findings.length)} findings in package-lock.json and package.json.`,
);
process.exit(findings.length === 0 ? 0 : 1);
