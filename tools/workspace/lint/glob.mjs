const compiled = new Map();

/** `*` within a folder, `**` across folders, `{a,b}` one of them: all that our tables need. */
export function matchesGlob(path, glob) {
  let expression = compiled.get(glob);
  if (!expression) {
    const source = glob
      .replaceAll(/[.+^$()|[\]\\]/g, '\\$&')
      .replaceAll(/\{([^}]*)\}/g, (_all, list) => `(?:${list.replaceAll(',', '|')})`)
      .replaceAll('**/', '\u0000')
      .replaceAll('**', '\u0001')
      .replaceAll('*', '[^/]*')
      .replaceAll('\u0000', '(?:.*/)?')
      .replaceAll('\u0001', '.*');
    expression = new RegExp(`^${source}$`);
    compiled.set(glob, expression);
  }
  return expression.test(path);
}
