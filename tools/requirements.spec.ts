import { claimedIds, parseTable, render, unknownIds } from './requirements.js';

const markdown = `# Requirements: Booking (BK, 3 rows)

### Booking record

| id | feature | rule and numbers |
| --- | --- | --- |
| BK-001 | Booking number | Unique, indexed |
| BK-002 | Relationships | patient, provider |

### Cancelling

| id | feature | rule and numbers |
| --- | --- | --- |
| BK-078 | Refund tiers | >= 24 h 100 %, see (Y-03) |
`;
const table = parseTable(markdown);
const test = (title: string, file = 'apps/booking/src/a.spec.ts') => ({ title, file });

describe('requirements', () => {
  it('are the rows of all tables of a file', () => {
    expect(table.title).toBe('Booking');
    expect(table.rows.map(({ id, feature }) => [id, feature])).toEqual([
      ['BK-001', 'Booking number'],
      ['BK-002', 'Relationships'],
      ['BK-078', 'Refund tiers'],
    ]);
  });

  it.each([
    ['a patient who cancels 23 hours before gets half back (BK-078)', ['BK-078']],
    ['hours count as elapsed (BK-078, Y-03)', ['BK-078', 'Y-03']],
    ['speaks of (BK-078) in the middle', []],
    ['has other brackets (at the end)', []],
  ])('are claimed by the brackets at the end: %j', (title, ids) => {
    expect(claimedIds(title)).toEqual(ids);
  });

  it('show each row with its tests, and name the bare ones', () => {
    const page = render(
      [table],
      [
        test('half is paid | returned (BK-078)'),
        test('unique (BK-001)'),
        test('unique too (BK-001)'),
        test('other'),
      ],
    );
    expect(page).toContain('2 of 3 rows have a test.');
    expect(page).toContain(
      '| BK-078 | Refund tiers | half is paid \\| returned (`apps/booking/src/a.spec.ts`) |',
    );
    expect(page).toContain(
      'unique (`apps/booking/src/a.spec.ts`)<br>unique too (`apps/booking/src/a.spec.ts`)',
    );
    expect(page).toContain('Without a test: BK-002.');
    expect(page).not.toContain('other');
  });

  it('that no table has are told, so that a slip of the pen proves nothing in silence', () => {
    expect(unknownIds([table], [test('a (BK-001)'), test('b (BK-999, BK-078)')])).toEqual(['BK-999']);
  });
});
