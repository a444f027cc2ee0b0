const { execFileSync } = require('node:child_process');

/** What has to run when the files are there: npm links a new package, docs/contracts follows the contracts. */
function afterwards(root, { install }) {
  return () => {
    const run = (...args) => execFileSync('npm', args, { cwd: root, stdio: 'inherit' });
    if (install) run('install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
    run('run', '--silent', 'contracts');
  };
}

module.exports = { afterwards };
