const { TestEnvironment } = require('jest-environment-node');

// A worker whose Jest was killed would go on with its suite, and start processes that nobody ends. (A listener for
// `disconnect` would keep every worker alive after its work.)
const watching = Symbol.for('leasewire.watching-jest');
if (process.send && !process[watching]) {
  const jest = process.ppid;
  process[watching] = setInterval(() => process.ppid === jest || process.exit(1), 250).unref();
}

// How much longer than on a quiet machine a test, a hook and `eventually` may take. Who waits for a condition loses nothing by it.
const patience = Number(process.env.LEASEWIRE_TEST_PATIENCE ?? 1);

/** Node’s environment, which closes what the suite opened (`onCleanUp`) after the suite’s own last hook. */
module.exports = class LeasewireEnvironment extends TestEnvironment {
  async handleTestEvent(event, state) {
    if (event.name === 'run_start') state.testTimeout *= patience;
    if (event.name === 'add_hook' || event.name === 'add_test') {
      const { hooks, tests } = state.currentDescribeBlock;
      const added = (event.name === 'add_hook' ? hooks : tests).at(-1);
      if (added?.timeout) added.timeout *= patience;
    }
    if (event.name !== 'run_finish') return;
    const cleanups = this.global.leasewireCleanups?.splice(0).reverse() ?? [];
    const failures = [];
    for (const cleanup of cleanups) await cleanup().catch((error) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, `cleaning up failed: ${failures.map(String).join('; ')}`);
  }
};
