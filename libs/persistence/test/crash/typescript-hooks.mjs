import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const options = {
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true },
    keepClassNames: true,
  },
};

/** All that is used of it here. The whole would load Nest, which takes longer than everything else these processes do. */
const messaging = ['clock', 'fault-point', 'ids', 'log']
  .map((name) => `export * from '${new URL(`../../../messaging/src/${name}.ts`, import.meta.url)}';`)
  .join('');

export function resolve(specifier, context, next) {
  if (specifier === '@leasewire/messaging')
    return { url: `data:text/javascript,${encodeURIComponent(messaging)}`, shortCircuit: true };
  const fromSource = context.parentURL?.endsWith('.ts') && specifier.startsWith('.') && specifier.endsWith('.js');
  return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...options, filename });
  return { format: 'module', source: code, shortCircuit: true };
}
