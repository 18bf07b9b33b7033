// Measured values in the words of tables: undefined ones say so.
import type { Measured } from '../api/types';
import { words } from '../words/en';
import type { Cell } from './chart';

const say = words.agreement;

export const told = ({ value }: Measured) => (value === undefined ? say.undefined : say.two(value));

export const cell = (value: number | undefined, text: (n: number) => string): Cell =>
  value === undefined ? { text: say.undefined, value: '' } : { text: text(value), value };

export const plain = (value: number | undefined) => cell(value, say.two);

export const count = (n: number): Cell => ({ text: words.number(n), value: n });
