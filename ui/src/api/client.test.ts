// The calls: what goes out, and what can never be asked for.
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { api, veil } from './client';

beforeAll(() => veil.told(false, () => ''));

afterEach(() => void vi.unstubAllGlobals());

it('says why a record whose id is made of dots cannot be fetched', async () => {
  const fetch = vi.fn();
  vi.stubGlobal('fetch', fetch);
  for (const id of ['.', '..']) {
    await expect(api.record(id)).rejects.toThrow(`“${id}” cannot be fetched`);
  }
  expect(fetch).not.toHaveBeenCalled();
});

it('fetches ids that only look like folders', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(new URL(request.url).pathname);
    return Response.json({});
  });
  for (const id of ['...', '../x', 'a/..']) await api.record(id);
  expect(asked).toEqual(['/api/records/...', '/api/records/..%2Fx', '/api/records/a%2F..']);
});
