// Makes ULIDs: 48 bits of time, 80 bits of chance, in Crockford's base 32. One names an act on every retry.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

let last = '';

/** Each sorts behind those made before it, also within one millisecond, so that order is kept by name. */
export function ulid(now = Date.now()): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++) {
    time = alphabet[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  // 32 divides 256, so taking five bits of each byte is fair.
  const chance = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => alphabet[b % 32]);
  last = last.startsWith(time) ? following(last) : time + chance.join('');
  return last;
}

function following(id: string): string {
  const sign = alphabet.indexOf(id.at(-1)!) + 1;
  if (sign < alphabet.length) return id.slice(0, -1) + alphabet[sign];
  return `${following(id.slice(0, -1))}0`;
}
