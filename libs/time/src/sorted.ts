// The one search that intervals and time zones share.

/** How many numbers of an ascending list are at or below `value`; also the index of the first one above it. */
export function countUpTo(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // The index is always inside the list; a NaN would simply end the search.
    if ((ascending[middle] ?? Number.NaN) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
