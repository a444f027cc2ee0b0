import { generateKeyPairSync } from 'node:crypto';
import { DkimKeys } from '../src/mail/dkim/dkim-keys.js';
import { verifyDkim } from '../src/mail/dkim/verify.js';
import { catching, closeAll, letter, posted, told, transportTo } from './post.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const signing = {
  ...{ domainName: 'harbor.test', keySelector: 's1' },
  privateKey: rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
};
const now = new Date('2026-11-24T12:00:00Z');

function keysWith(publicKey: string): DkimKeys {
  const keys = new DkimKeys();
  keys.add({ domain: 'harbor.test', selector: 's1', publicKey });
  return keys;
}

describe('DKIM', () => {
  afterEach(closeAll);

  async function signed(more: object = {}): Promise<Buffer> {
    const post = await catching();
    await transportTo(post, { dkim: { ...signing, ...more } }).sendMail(
      letter('ann@example.test', {
        ...{ subject: 'Ünïcode  and   spaces ', text: 'Two  spaces \r\n\r\nand an end\r\n\r\n\r\n', html: '<p>ü</p>' },
        headers: { 'List-Unsubscribe': '<https://harbor.test/u/1>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      }),
    );
    return post.catcher.mails()[0]!.raw;
  }
  const changed = (raw: Buffer, from: string | RegExp, to: string) =>
    Buffer.from(raw.toString('latin1').replace(from, to), 'latin1');

  it('passes what nodemailer signed, whichever way the key is written', async () => {
    const raw = await signed();
    const bare = pem.replace(/-----[^-]+-----|\s/g, '');
    for (const key of [pem, bare, `v=DKIM1; k=rsa; p=${bare}`])
      expect(verifyDkim(raw, keysWith(key), now)).toMatchObject([
        { result: 'pass', domain: 'harbor.test', selector: 's1', algorithm: 'rsa-sha256' },
      ]);
  });

  it.each([
    ['the body', 'Two', 'Ten', 'the body was changed'],
    ['a signed header', /^Subject: /m, 'Subject: Re ', 'a signed header'],
    ['the sender', /^From: "?Harbor/m, 'From: "Barbor', 'a signed header'],
    ['the signature itself', /(\bb=\s*)\S{4}/, '$1AAAA', 'a signed header'],
  ])('fails when %s was changed', async (_what, from, to, why) => {
    const raw = await signed();
    const forged = changed(raw, from, to);
    expect(forged.equals(raw)).toBe(false);
    expect(verifyDkim(forged, keysWith(pem), now)).toMatchObject([
      { result: 'fail', why: expect.stringContaining(why) as string },
    ]);
  });

  it('does not mind what relays may change', async () => {
    const raw = await signed();
    const relayed = changed(changed(raw, /^Subject: /m, 'SUBJECT:   '), /^From: /m, 'Received: by relay.test\r\nFrom: ');
    expect(verifyDkim(relayed, keysWith(pem), now)).toMatchObject([{ result: 'pass' }]);
  });

  it('says when nobody published the key, when it is another, when the time is over, when From is not signed', async () => {
    const raw = await signed();
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .publicKey.export({ format: 'pem', type: 'spki' })
      .toString();
    expect(verifyDkim(raw, new DkimKeys(), now)).toMatchObject([{ result: 'no-key' }]);
    expect(verifyDkim(raw, keysWith(other), now)).toMatchObject([{ result: 'fail' }]);
    expect(verifyDkim(changed(raw, /v=1;/, 'v=1; x=1000;'), keysWith(pem), now)).toMatchObject([{ result: 'expired' }]);
    expect(verifyDkim(changed(raw, /h=from:/i, 'h='), keysWith(pem), now)).toMatchObject([{ result: 'invalid' }]);
    expect(verifyDkim(changed(raw, /rsa-sha256/, 'rsa-sha1'), keysWith(pem), now)).toMatchObject([{ result: 'invalid' }]);
    expect(verifyDkim(Buffer.from('From: a@b.test\r\n\r\nx'), keysWith(pem), now)).toEqual([]);
  });

  it('is shown with a mail, and whether it covers the one-click unsubscription', async () => {
    const headerFieldNames = 'from:to:subject:date:message-id:list-unsubscribe:list-unsubscribe-post';
    for (const [more, covered] of [
      [{}, false],
      [{ headerFieldNames }, true],
    ] as const) {
      const post = await catching();
      await posted(`${post.url}/dkim-keys`, { domain: 'harbor.test', selector: 's1', publicKey: pem });
      await transportTo(post, { dkim: { ...signing, ...more } }).sendMail(
        letter('ann@example.test', {
          headers: { 'List-Unsubscribe': '<https://harbor.test/u>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
        }),
      );
      const { id } = post.catcher.mails()[0]!;
      const { dkim } = await told<{ dkim: { result: string; signed: string[] }[] }>(`${post.url}/mails/${id}`);
      expect([dkim[0]!.result, dkim[0]!.signed.includes('list-unsubscribe-post')]).toEqual(['pass', covered]);
      const page = await (await fetch(`${post.url}/view/${id}`)).text();
      expect(page.includes('but not signed by DKIM')).toBe(!covered);
    }
  });

  it('passes the ed25519 example of RFC 8463', () => {
    const lines = [
      'DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;',
      ' d=football.example.com; i=@football.example.com;',
      ' q=dns/txt; s=brisbane; t=1528637909; h=from : to :',
      ' subject : date : message-id : from : subject : date;',
      ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
      ' b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus',
      ' Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
      'From: Joe SixPack <joe@football.example.com>',
      'To: Suzie Q <suzie@shopping.example.net>',
      'Subject: Is dinner ready?',
      'Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)',
      'Message-ID: <20030712040037.46341.5F8J@football.example.com>',
      ...['', 'Hi.', '', 'We lost the game.  Are you hungry yet?', '', 'Joe.', ''],
    ];
    const keys = new DkimKeys();
    keys.add({
      domain: 'football.example.com',
      selector: 'brisbane',
      publicKey: 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    });
    expect(verifyDkim(Buffer.from(lines.join('\r\n')), keys, now)).toMatchObject([{ result: 'pass' }]);
  });
});
