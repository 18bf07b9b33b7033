// What the head of a column says, and the orders that it offers.
import type { Column } from '../state/columns.svelte';
import { words } from '../words/en';

/** `heading` is the server's word for names. */
export function headingOf(column: Column, heading: string): string {
  const { kind, model } = column;
  if (kind === 'model') return model ?? '';
  return kind === 'name' ? heading : words.table[kind];
}

/** The server's names for the orders, the first one by itself; '' is the natural one. Of a model without a name none. */
export function ordersOf({ kind, model }: Column, masks = false): string[] {
  switch (kind) {
    case 'number':
      return [''];
    case 'name':
      return ['name'];
    case 'model':
      return masks ? [] : [`chars:${model}`, `tokens:${model}`];
    case 'score':
      return ['score'];
    case 'star':
      return ['stars'];
    case 'tags':
      return [];
  }
}

/** Those of its menu: there is room for rarer ones. */
export function menuOrdersOf(column: Column, masks = false): string[] {
  return column.kind === 'score'
    ? [...ordersOf(column), 'spread', 'disagreement']
    : ordersOf(column, masks);
}

/** How an order is called in the menu. */
export function orderName(order: string): string {
  if (order.startsWith('chars:')) return words.columns.byChars;
  if (order.startsWith('tokens:')) return words.columns.byTokens;
  return words.columns.sorts[order] ?? order;
}
