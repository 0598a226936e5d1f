// Stripe's lists: newest first, paged by the id of the last one seen.
import { missing } from './errors.js';

interface Listed {
  readonly id: string;
  readonly created: number;
}

export interface Page {
  readonly limit: number;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?: number | { gt?: number; gte?: number; lt?: number; lte?: number } | undefined;
}

/** Maps keep the order of insertion, which is the order of creation. */
export function listOf<Item extends Listed>(
  url: string,
  all: ReadonlyMap<string, Item>,
  page: Page,
  fits: (item: Item) => boolean = () => true,
): object {
  const items = [...all.values()]
    .reverse()
    .filter((item) => createdFits(item.created, page.created) && fits(item));
  const { starting_after, ending_before, limit } = page;
  const after =
    starting_after === undefined ? items : items.slice(position(items, starting_after, 'starting_after') + 1);
  const window =
    ending_before === undefined
      ? after
      : after.slice(0, position(after, ending_before, 'ending_before')).slice(-limit);
  return { object: 'list', url, has_more: window.length > limit, data: window.slice(0, limit) };
}

function position(items: readonly Listed[], id: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw missing('object', id, param);
  return index;
}

function createdFits(created: number, wanted: Page['created']): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return created === wanted;
  return (
    created > (wanted.gt ?? -Infinity) &&
    created >= (wanted.gte ?? -Infinity) &&
    created < (wanted.lt ?? Infinity) &&
    created <= (wanted.lte ?? Infinity)
  );
}
