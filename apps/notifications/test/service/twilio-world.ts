import { createServer } from 'node:http';
import { receiveSms, receiveSmsStatus } from '@leasewire/contracts';
import { startTwilioSimulator } from '@leasewire/simulators';
import { onCleanUp, serviceActor, suiteDeployment } from '@leasewire/testing';
import { NotificationsSuite } from './notifications-suite.js';

/** Twilio, and a door to the webhooks that passes on what the gateway’s does. */
export async function startWithTwilio(): Promise<{
  suite: NotificationsSuite;
  twilio: Awaited<ReturnType<typeof startTwilioSimulator>>['twilio'];
}> {
  const { clock } = await suiteDeployment();
  const { twilio, url, access, close } = await startTwilioSimulator({ paceMs: 0, now: () => clock.now() });
  onCleanUp(close);
  const running: { suite?: NotificationsSuite } = {};
  const door = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '';
      const params = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString('utf8')));
      const signed = { path, params, signature: String(request.headers['x-twilio-signature'] ?? '') };
      const reference = /status\/(\w+)$/.exec(path)?.[1];
      const gateway = serviceActor('gateway', null);
      const told =
        reference === undefined
          ? running.suite?.gateway.call(gateway, receiveSms, signed)
          : running.suite?.gateway.call(gateway, receiveSmsStatus, { ...signed, reference });
      Promise.resolve(told).then(
        () => response.writeHead(204).end(),
        (error: { code?: string }) => response.writeHead(error.code === 'webhook.forged' ? 403 : 503).end(),
      );
    });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  onCleanUp(async () => {
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
  });
  const at = door.address();
  const publicUrl = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
  twilio.inboundUrl = `${publicUrl}/v1/hooks/twilio/inbound`;
  const suite = await NotificationsSuite.start({
    LEASEWIRE_PUBLIC_URL: publicUrl,
    LEASEWIRE_TWILIO_ACCOUNT_SID: access.accountSid,
    LEASEWIRE_TWILIO_AUTH_TOKEN: access.authToken,
    LEASEWIRE_TWILIO_MESSAGING_SERVICE_SID: access.messagingServiceSid,
    LEASEWIRE_TWILIO_API_URL: url,
    // long enough for a busy machine: a time-out that no test meant would be unknown
    LEASEWIRE_TWILIO_TIMEOUT_MS: '2500',
  });
  running.suite = suite;
  return { suite, twilio };
}
