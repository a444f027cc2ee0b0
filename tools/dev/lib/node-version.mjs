// Imported before everything else: no import of its own, and only syntax that older Nodes know too.
const neededMajor = 20;
const neededMinor = 19;

/** Says so in one sentence, instead of failing somewhere inside. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  console.error(
    `Leasewire needs Node.js ${String(neededMajor)}.${String(neededMinor)} or newer, and this is ${process.versions.node}. ` +
      'Install a newer one from https://nodejs.org (or: nvm install 20).',
  );
  process.exit(1);
}
