/**
 * @typedef {import('./endpoints.mjs').Endpoints} Endpoints
 * @typedef {import('./progress.mjs').Report} Report
 */

/**
 * What, where, and how to sign in.
 * @param {Endpoints} endpoints
 * @param {Report} report
 */
export function printSummary({ gateway, services, mongodb, nats, simulators, signIns, home }, report) {
  /** @type {[string, string][]} */
  const rows = [];
  if (gateway) {
    rows.push(['REST API', `${gateway.url}/v1`], ['API pages', `${gateway.url}/docs`]);
    for (const url of gateway.urls.slice(1)) rows.push(['  replica', `${url}/v1`]);
  }
  if (simulators) rows.push(['Simulated PMS', simulators.url]);
  if (simulators?.mail) rows.push(['Mails sent (page)', `${simulators.mail.url}/`]);
  if (simulators?.twilio?.url) rows.push(['Texts sent (page)', `${simulators.twilio.url}/`]);
  rows.push(['MongoDB', mongodb.uri], ['NATS', nats.url]);
  for (const [name, { instances }] of Object.entries(services))
    for (const { url } of instances) rows.push([`${name} health`, `${url}/health/ready`]);
  rows.push(['Data, keys, logs', home]);
  report.line('');
  table(rows, report);
  if (signIns.length > 0) {
    report.line('');
    report.line(report.paint('bold', '  Sign in'));
    const column = (/** @type {(one: import('./endpoints.mjs').SignIn) => string} */ of) =>
      Math.max(...signIns.map((one) => of(one).length)) + 2;
    const organization = (/** @type {import('./endpoints.mjs').SignIn} */ one) => one.organization ?? '';
    const widths = [column(organization), column(({ email }) => email)];
    table(
      signIns.map((one) => [
        one.role,
        `${organization(one).padEnd(widths[0] ?? 0)}${one.email.padEnd(widths[1] ?? 0)}${one.password}`,
      ]),
      report,
    );
    if (gateway) {
      const { email = '', password = '' } = signIns[0] ?? {};
      const body = JSON.stringify({ email, password });
      report.line(report.paint('grey', `  curl -s ${gateway.url}/v1/sessions -H 'content-type: application/json' -d '${body}'`));
    }
  }
  report.line('');
}

/**
 * @param {[string, string][]} rows
 * @param {Report} report
 */
function table(rows, report) {
  const width = Math.max(...rows.map(([what]) => what.length)) + 2;
  for (const [what, where] of rows) report.line(`  ${report.paint('cyan', what.padEnd(width))}${where}`);
}
