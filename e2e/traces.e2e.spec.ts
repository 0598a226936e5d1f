// One booking, seen through its trace: what it set off in each app is one tree under the client's own request, and tells
// nothing of the patient. And from an error to what it was: one id in the answer, the log and the trace.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { eventually } from '@caregraph/testing';
import type { StoredSpan } from '../tools/stack/collector.js';
import { demoPatients } from '../tools/demo/data.js';
import type { Outcome } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { booked, holdFirst, instantVisit, openWorld, stack, untilConfirmed } from './support/story.js';

const document = `mutation BookTraced($input: BookAppointmentInput!) {
  outcome: bookAppointment(input: $input) { __typename ... on DomainError { code } ... on Appointment { id } }
}`;
const notes = 'canary: my knee has hurt since Tuesday';

/** What one booking must be seen doing, app by app. */
const expected: readonly (readonly [app: string, name: string])[] = [
  ['gateway', 'mutation BookTraced'],
  ['gateway', 'subgraph booking'],
  ['booking', 'graphql BookTraced__booking__0'],
  ['booking', 'insert appointment'],
  ['booking', 'relay booking.appointment-requested.v1'],
  ['payments', 'consume booking.appointment-requested.v1'],
  ['payments', 'insert payment'],
  ['payments', 'stripe hold'],
  ['booking', 'consume payments.payment-held.v1'],
  ['payments', 'consume booking.appointment-confirmed.v1'],
  ['payments', 'stripe capture'],
  ['notifications', 'consume payments.payment-captured.v1'],
  ['notifications', 'sendgrid send'],
  ['calendar-sync', 'consume booking.appointment-confirmed.v1'],
];

describe('the trace of a booking', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  const missing = (spans: readonly StoredSpan[]): string[] =>
    expected
      .filter(([app, name]) => !spans.some((span) => span.app === app && span.name === name))
      .map((pair) => pair.join(': '));

  it('is one tree from the client through every app to the vendors, and tells nothing of the patient', async () => {
    const { hold } = await holdFirst(world, instantVisit);
    const [traceId, clientSpan] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const input = { ...hold, patientId: world.patientOf('patient'), paymentMethodId: 'pm_card_visa', notes };
    const { data, headers } = await world
      .as('patient')
      .answer<{ outcome: Outcome }>(document, { input }, { traceparent: `00-${traceId}-${clientSpan}-01` });
    expect(headers.get('x-request-id')).toBe(traceId);
    await untilConfirmed(world, 'patient', data?.outcome.id ?? '');

    let spans: StoredSpan[] = [];
    await eventually('each app has told of its part', async () => {
      spans = await stack.spans(traceId);
      return missing(spans).length === 0 && orphans(spans).length === 0 ? true : undefined;
    }).catch(() => undefined);
    expect(missing(spans)).toEqual([]);
    expect(orphans(spans)).toEqual([]);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === clientSpan).map(({ name }) => name)).toEqual([
      'mutation BookTraced',
    ]);

    // Of the whole run, whatever was booked and by whom.
    const all = JSON.stringify(await stack.spans());
    const canaries = demoPatients.flatMap(({ firstName, lastName, email, mobile }) => [
      `${firstName} ${lastName}`,
      email,
      mobile,
    ]);
    expect([notes, 'knee', ...canaries].filter((canary) => all.includes(canary))).toEqual([]);
  });

  /** Spans whose parent is neither there nor the client's own. */
  const orphans = (spans: readonly StoredSpan[]): string[] => {
    const known = new Set(spans.map(({ spanId }) => spanId));
    const root = spans.find(({ name }) => name === 'mutation BookTraced')?.parentSpanId;
    return spans
      .filter(({ parentSpanId }) => parentSpanId !== root && !known.has(parentSpanId ?? ''))
      .map(({ app, name }) => `${app}: ${name}`);
  };
});

describe('an error', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(async () => {
    await stack.startApp('payments');
    await world.close();
  });

  const ofGateway = (): string[] =>
    fs
      .readFileSync(
        path.join(path.dirname(process.env.CAREGRAPH_STACK_FILE ?? ''), 'logs', 'gateway.log'),
        'utf8',
      )
      .split('\n');

  it('leads by its request id, or the trace id beside it, to the lines of the log and to the span that failed', async () => {
    const { id } = await booked(world, 'patient', instantVisit);
    await stack.stopApp('payments');
    const query = 'query Paid($id: ID!) { appointment(id: $id) { status payment { status } } }';
    const ask = async (headers: Record<string, string>) =>
      (await world.as('patient').answer(query, { id }, headers)).errors[0]?.extensions;
    const nameless = await ask({});
    expect(nameless).toEqual({
      code: 'UNAVAILABLE',
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    const mine = `mine-${randomBytes(8).toString('hex')}`;
    const named = await ask({ 'x-request-id': mine });
    expect(named?.requestId).toBe(mine);

    for (const traceId of [nameless?.requestId ?? '', named?.traceId ?? '']) {
      const lines = ofGateway().filter((line) => line.includes(`"traceId":"${traceId}"`));
      expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
        { subgraph: 'payments', level: 'warn' },
      ]);
      const failed = await eventually('the span that failed', async () =>
        (await stack.spans(traceId)).find((span) => span.name === 'subgraph payments'),
      );
      expect(failed).toMatchObject({ app: 'gateway', failed: true });
    }
  });
});
