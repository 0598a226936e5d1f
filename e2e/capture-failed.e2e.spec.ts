// The processor gives the hold up before it could be captured: the appointment stands, and another card pays it.
import { told } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { booked, openWorld, requestedVisit } from './support/story.js';

describe('a confirmed appointment whose money could not be taken', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  it('stays confirmed, patient and desk are told, and it is paid with another card (Y-33)', async () => {
    const { id } = await booked(world, 'patient2', requestedVisit);
    await world.until(
      'patient2',
      id,
      'the provider is asked',
      ({ status }) => status === 'PENDING_CONFIRMATION',
    );
    // Nothing reaches payments of what happens to the hold, until it tries to capture.
    await world.sandbox('POST', '/_sandbox/webhooks/stripe', { mode: 'hold' });
    const [intent] = (await world.ledger(id)).paymentIntents;
    await world.cancelAtProcessor(intent?.id ?? '');
    expect(await world.act('provider2', 'confirmAppointment', id)).toMatchObject({ status: 'CONFIRMED' });
    await world.sandbox('POST', '/_sandbox/webhooks/release', {});

    await world.until(
      'patient2',
      id,
      'the capture has failed',
      ({ payment }) => payment?.status === 'FAILED',
    );
    const dueBy = await world.until(
      'patient2',
      id,
      'another card is due',
      ({ paymentDueAt }) => paymentDueAt !== null,
    );
    expect(dueBy.status).toBe('CONFIRMED');
    await world.until('staff', id, 'the patient and the desk were told', (seen) =>
      (['PATIENT', 'STAFF'] as const).every((who) => told(seen, 'payment-capture-failed', who)),
    );
    const asks = (await world.ledger(id)).mails.filter(({ subject }) =>
      /^Payment (due|failed)/.test(subject),
    );
    expect(asks.map(({ to }) => to)).toContain('desk@riverside.example');
    expect(asks).toHaveLength(2);

    const over = { paymentMethodId: 'pm_card_mastercard' };
    expect(await world.act('patient2', 'retryAppointmentPayment', id, over)).toMatchObject({
      status: 'CONFIRMED',
    });
    const paid = await world.until(
      'patient2',
      id,
      'the other card has paid',
      ({ payment, paymentDueAt }) => payment?.status === 'CAPTURED' && paymentDueAt === null,
    );
    expect(paid.status).toBe('CONFIRMED');
  });
});
