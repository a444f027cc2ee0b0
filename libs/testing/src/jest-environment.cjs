const { TestEnvironment } = require('jest-environment-node');

// A worker whose Jest was killed would go on with its suite, and start processes that nobody ends. (A listener for
// `disconnect` would keep every worker alive after its work.)
const watching = Symbol.for('leasewire.watching-jest');
if (process.send && !process[watching]) {
  const jest = process.ppid;
  process[watching] = setInterval(() => process.ppid === jest || process.exit(1), 250).unref();
}

/** Node’s environment, which closes what the suite opened (`onCleanUp`) after the suite’s own last hook. */
module.exports = class LeasewireEnvironment extends TestEnvironment {
  async handleTestEvent(event) {
    if (event.name !== 'run_finish') return;
    const cleanups = this.global.leasewireCleanups?.splice(0).reverse() ?? [];
    const failures = [];
    for (const cleanup of cleanups) await cleanup().catch((error) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, `cleaning up failed: ${failures.map(String).join('; ')}`);
  }
};
