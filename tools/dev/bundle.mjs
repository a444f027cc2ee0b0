// node tools/dev/bundle.mjs FILE…: prints, as JSON, the bundle to run instead of each compiled file, and makes what is not there.
import { resolve } from 'node:path';
import { bundled } from './lib/bundle.mjs';

const files = process.argv.slice(2).map((file) => resolve(file));
console.log(JSON.stringify(await bundled(files)));
