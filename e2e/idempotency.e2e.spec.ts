// The same key twice is the same appointment; the same key with other input is an error that changes nothing.
import type { World } from '../tools/demo/world.js';
import {
  aKey,
  expectMoney,
  holdFirst,
  instantVisit,
  openWorld,
  settled,
  price,
  untilConfirmed,
  visitor,
} from './support/story.js';

describe('an idempotency key', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  it('that comes twice, also at once, books one appointment and charges it once', async () => {
    const { hold } = await holdFirst(world, instantVisit);
    const key = aKey();
    const book = () => world.book('patient', hold.holdId, { holdToken: hold.holdToken }, key);
    const outcomes = [...(await Promise.all([book(), book(), book()])), await book()];
    const [first] = outcomes;
    expect(first).toMatchObject({ __typename: 'Appointment' });
    expect(new Set(outcomes.map(({ id }) => id))).toEqual(new Set([first!.id]));
    await untilConfirmed(world, 'patient', first!.id!);
    expect(await book()).toMatchObject({ id: first!.id, status: 'CONFIRMED' });
    await expectMoney(world, first!.id!, { status: 'succeeded', capturedMinor: price, refundedMinor: 0 });
  });

  it('in the input wins over the header', async () => {
    const { hold } = await holdFirst(world, instantVisit);
    const idempotencyKey = aKey();
    const over = { holdToken: hold.holdToken, idempotencyKey };
    const first = await world.book('patient2', hold.holdId, over, aKey());
    const again = await world.book('patient2', hold.holdId, over, aKey());
    expect(again).toMatchObject({ __typename: 'Appointment', id: first.id });
  });

  it('that comes with other input is a conflict, and nothing is changed', async () => {
    const { hold } = await holdFirst(world, instantVisit);
    const key = aKey();
    const { id } = await world.book('patient3', hold.holdId, { holdToken: hold.holdToken }, key);
    await untilConfirmed(world, 'patient3', id!);
    const before = await settled(world, id!);
    const other = world.book(
      'patient3',
      hold.holdId,
      { holdToken: hold.holdToken, notes: 'Other words.' },
      key,
    );
    await expect(other).rejects.toMatchObject({ errors: [{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }] });
    expect(await world.see('staff', id!)).toEqual(before);
  });

  it('of somebody else is another key', async () => {
    const key = aKey();
    const [mine, yours] = [await holdFirst(world, instantVisit), await holdFirst(world, instantVisit)];
    const one = await world.book('patient', mine.hold.holdId, { holdToken: mine.hold.holdToken }, key);
    const other = await world.book('patient2', yours.hold.holdId, { holdToken: yours.hold.holdToken }, key);
    expect(one.__typename).toBe('Appointment');
    expect(other.__typename).toBe('Appointment');
    expect(other.id).not.toBe(one.id);
  });

  it('is refused where a document has more than one mutation', async () => {
    const { errors, data } = await visitor().answer(
      `mutation Two { one: holdSlot(input: { offer: "x" }) { __typename } two: holdSlot(input: { offer: "y" }) { __typename } }`,
      {},
      { 'idempotency-key': aKey() },
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
