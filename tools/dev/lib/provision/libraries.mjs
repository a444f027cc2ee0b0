import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Problem } from '../problem.mjs';

/**
 * A dynamically linked server on a machine without one of its libraries only says "cannot open shared object": ask the
 * loader beforehand and name the package.
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {string} binary
 */
export function requireLibraries(pin, binary) {
  if (process.platform !== 'linux') return;
  const ldd = spawnSync('ldd', [binary], { encoding: 'utf8', timeout: 10_000 });
  if (ldd.error) return; // no ldd here: the server itself will say it
  const said = `${ldd.stdout}\n${ldd.stderr}`;
  const missing = [...new Set([...said.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? ''))];
  if (missing.length > 0) {
    throw new Problem(
      `${pin.name} needs ${missing.join(', ')}, which this machine does not have. ${remedy(missing)} ` +
        `Or give the address of a running server in ${pin.urlVariable}.`,
    );
  }
  const tooOld = /version `(\w+_[\d.]+)' not found/.exec(said);
  if (tooOld) {
    throw new Problem(
      `${pin.name} ${pin.version} needs ${tooOld[1] ?? 'a newer C library'}, and this Linux is older. ` +
        `Use Debian 12, Ubuntu 22.04 or newer. ${pin.otherwise}`,
    );
  }
}

/**
 * @param {readonly string[]} libraries
 * @returns {string}
 */
function remedy(libraries) {
  const curl = libraries.some((name) => name.startsWith('libcurl'));
  const ssl = libraries.some((name) => /^lib(ssl|crypto)\./.test(name));
  const system = distribution();
  if (/debian|ubuntu/.test(system)) {
    const packages = [curl && 'libcurl4', ssl && 'libssl3'].filter(Boolean);
    return `Install it: \`apt-get install -y ${packages.length > 0 ? packages.join(' ') : 'libcurl4 libssl3'}\` (as root).`;
  }
  if (/fedora|rhel|centos/.test(system)) return 'Install it: `dnf install -y libcurl openssl-libs xz-libs` (as root).';
  return 'Install the packages that hold it (curl and OpenSSL 3 as shared libraries).';
}

function distribution() {
  try {
    return readFileSync('/etc/os-release', 'utf8')
      .split('\n')
      .filter((line) => /^ID(_LIKE)?=/.test(line))
      .join(' ');
  } catch {
    return '';
  }
}
