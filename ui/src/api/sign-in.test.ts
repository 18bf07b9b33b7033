// Where one goes after signing in, whatever the address says.
import { expect, it } from 'vitest';
import { signInAddress, wanted } from './sign-in';

const origin = 'http://gold.example';

it.each([
  ['', '/'],
  ['?to=/', '/'],
  ['?to=/table_view.html%3Fq%3Da', '/table_view.html?q=a'],
  ['?to=//evil.example', '/'],
  ['?to=/%5Cevil.example', '/'],
  ['?to=https://evil.example/', '/'],
  ['?to=javascript:alert(1)', '/'],
  ['?to=/%09/evil.example', '/'],
  ['?to=/..//evil.example', '//evil.example'],
  ['?to=/sign-in?to=/sign-in', '/'],
  ['?to=http://[', '/'],
])('%s leads to %s of this site', (search, expected) => {
  expect(wanted({ origin, search, hash: '' })).toBe(origin + expected);
});

it('comes back to the row one was at', () => {
  const here = { pathname: '/', search: '?q=a b', hash: '#row=7' } as Location;
  const address = new URL(signInAddress(here), origin);
  expect(wanted({ origin, search: address.search, hash: address.hash })).toBe(
    `${origin}/?q=a%20b#row=7`,
  );
});
