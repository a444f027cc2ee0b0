const { TestEnvironment } = require('jest-environment-node');

// A worker whose Jest was killed would go on with its suite, and start processes that nobody ends.
const watched = Symbol.for('leasewire.worker-watched');
if (process.send && !process[watched]) {
  process[watched] = true;
  process.once('disconnect', () => process.exit(1));
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
