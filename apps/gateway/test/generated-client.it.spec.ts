import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError, inviteStaff, listStaff, signIn, staffInvited } from '@leasewire/contracts';
import { repositoryRoot, temporaryFolder } from '@leasewire/testing';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';

/** As somebody writes it who knows the client that was generated, and nothing else of us. */
const program = `
import { client } from './client.js';

const [serverUrl = '', password = ''] = process.argv.slice(2);
client.configure({ serverUrl });
const session = await client.signIn({ body: { email: 'ana@example.com', password } });
if (session.error) throw new Error(session.error.detail);
client.auth.bearer(session.data.accessToken);

const invite = (email: string) =>
  client.inviteStaff({ body: { email, name: 'Ben Ito', roleIds: ['rol_01jd3k8x9e7m2q4r5s6t7v8w9y'] }, headers: { 'Idempotency-Key': email } });
const listed = await client.listStaff({ query: { limit: 5, sort: 'name' } });
const invited = await invite('ben@example.com');
const refused = await invite('taken@example.com');
console.log(JSON.stringify({
  names: listed.data?.items.map(({ name }) => name),
  next: listed.data?.nextCursor,
  link: invited.data?.link?.url,
  problem: refused.error && [refused.error.status, refused.error.code, refused.error.details?.['staffId']],
}));
`;
const options = { strict: true, exactOptionalPropertyTypes: true, module: 'nodenext', target: 'es2023' };
const config = {
  compilerOptions: {
    ...options,
    lib: ['es2023', 'dom'],
    types: ['node'],
    typeRoots: [join(repositoryRoot(), 'node_modules/@types')],
  },
  files: ['program.ts'],
};

const run = promisify(execFile);
let folder: string;
async function node(...args: string[]): Promise<string> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' };
  const { stdout } = await run(process.execPath, args, { cwd: folder, env }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(error.stdout + error.stderr);
    },
  );
  return stdout;
}

it('a client generated of the API document compiles strictly, and works', async () => {
  const deployment = await gatewayDeployment();
  const identity = await StubIdentity.start(deployment);
  const { staff } = staffInvited.example;
  const { token, sessionId, orgId } = identity.signIn({ 'accounts.staff': 'full' });
  const soon = new Date(Date.now() + 600_000).toISOString();
  identity.stub.handle(signIn, ({ password }) => {
    if (password !== 'granite kettle') throw new DomainError('sign-in.refused', 'They do not belong together.');
    const organization = { id: orgId, name: 'Harbour', version: 1, createdAt: soon, updatedAt: soon };
    return {
      ...{ accessToken: token, accessExpiresAt: soon, refreshToken: 'r', refreshExpiresAt: soon },
      ...{ sessionId, staff: { ...staff, roleIds: [] }, organization },
    };
  });
  identity.stub.handle(listStaff, () => ({ items: [{ ...staff, roleIds: [] }], nextCursor: null }));
  identity.stub.handle(inviteStaff, ({ email }) => {
    if (email === 'taken@example.com') throw new DomainError('staff.email-taken', 'Taken.', { staffId: staff.id });
    return { ...staff, roleIds: [], link: { url: 'https://console.example/staff-link/x', expiresAt: soon } };
  });
  const { url } = await startGateway(deployment);

  folder = temporaryFolder('client');
  writeFileSync(join(folder, 'openapi.json'), (await ask(url, '/v1/openapi.json')).text);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'program.ts'), program);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const bin = (path: string): string => join(repositoryRoot(), 'node_modules', path);
  await node(bin('@redocly/cli/bin/cli.js'), 'generate-client', 'openapi.json', '--output=client.ts', '--error-mode=result');
  expect(await node(bin('typescript-7/bin/tsc'), '-p', '.')).toBe('');
  expect(JSON.parse(await node('program.js', url, 'granite kettle'))).toEqual({
    names: [staff.name],
    next: null,
    link: 'https://console.example/staff-link/x',
    problem: [409, 'staff.email-taken', staff.id],
  });
}, 120_000);
