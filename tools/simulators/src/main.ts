import { parseArgs } from 'node:util';
import { startSimulators } from './simulators.js';

/** One line of JSON with addresses and credentials when it is ready; ends on SIGTERM, and with `--leash` when its standard input does. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
    'mail-returns': { type: 'string' },
    'twilio-inbound': { type: 'string' },
    seed: { type: 'string', default: '1' },
    residents: { type: 'string', default: '300' },
    today: { type: 'string' },
    leash: { type: 'boolean', default: false },
  },
});

/** Where bounces and complaints are delivered. */
const returns = values['mail-returns'] === undefined ? null : { host: '127.0.0.1', port: Number(values['mail-returns']) };
const simulators = await startSimulators({
  port: Number(values.port),
  mail: { smtpPort: Number(values['smtp-port']), ...(returns && { returns }) },
  ...(values['twilio-inbound'] === undefined ? {} : { twilio: { inboundUrl: values['twilio-inbound'] } }),
  seed: Number(values.seed),
  residents: Number(values.residents),
  ...(values.today === undefined ? {} : { today: values.today }),
});

const end = () => {
  void simulators.close().then(() => process.exit(0));
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
if (values.leash) process.stdin.resume().once('end', end).once('close', end);

const { url, entrata, buildium, propertyiq, stratamax, mail, twilio, control } = simulators;
const told = { url, entrata, buildium, propertyiq, stratamax, control: { url: control.url } };
const { simulator: _simulator, ...twilioAccess } = twilio;
console.log(JSON.stringify({ ...told, twilio: twilioAccess, mail: { url: mail.url, smtp: mail.smtp, returns } }));
