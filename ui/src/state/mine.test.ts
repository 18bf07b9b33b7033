// Which queries mean whoever asks, and whose stars count in them.
import { expect, it } from 'vitest';
import { doneBy, isAboutMe } from './mine';

it('knows what is asked about whoever asks', () => {
  for (const q of ['assigned:me', 'x -todo:me', 'is:error assigned:"me"']) {
    expect(isAboutMe(q), q).toBe(true);
  }
  for (const q of ['', 'me', 'by:me', 'todo:ada', '"todo:me"', 'todo:meg']) {
    expect(isAboutMe(q), q).toBe(false);
  }
});

it('knows whose stars end it', () => {
  expect(doneBy('tag:x todo:me', 'ann')).toBe('ann');
  expect(doneBy('todo:"Ada L."', 'ann')).toBe('Ada L.');
  expect(doneBy('-todo:me assigned:me', 'ann')).toBeUndefined();
});
