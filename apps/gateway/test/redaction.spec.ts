import { redactText } from '@leasewire/service-kit';
import { ResidentCookies, type PageCookie } from '../src/resident-pages/resident-cookies.js';
import { routes } from '../src/routes.js';
import { SessionCookie } from '../src/sessions/cookie.js';

const secret = 'Frrc3GQEuAUyI8SgdqJJ1SCqTKSzC0GJODjeiGQsfCE';

describe('never in a log is', () => {
  const withToken = [...new Set(routes.map(({ path }) => path).filter((path) => path.includes(':token')))];
  it.each(withToken)('the token of %s', (path) => {
    const seen = redactText(
      `${path.replace(':token', secret)} failed, https://leasewire.example${path.replace(':token', secret)}`,
    );
    expect(seen).not.toContain(secret);
    expect(seen).toContain(path.replace(':token', '[redacted]'));
  });

  /** Also one that is added: a cookie is a property there. */
  const cookiesOf = (secure: boolean) => Object.values(new ResidentCookies(secure) as object) as PageCookie[];
  const cookies = [true, false].flatMap((secure) => [new SessionCookie(secure), ...cookiesOf(secure)]);
  it.each(cookies.map((cookie) => cookie.set(secret, '2026-12-01T00:00:00Z')))('the value of the cookie %s', (set) => {
    expect(redactText(set)).not.toContain(secret);
    expect(redactText(`a=1; ${set.split(';')[0]}; b=2`)).not.toContain(secret);
  });
});
