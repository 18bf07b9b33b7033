// Makes ULIDs: 48 bits of time, 80 bits of chance, in Crockford's base 32. One names a star on every retry.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function ulid(now = Date.now()): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++) {
    time = alphabet[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  // 32 divides 256, so taking five bits of each byte is fair.
  const chance = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => alphabet[b % 32]);
  return time + chance.join('');
}
