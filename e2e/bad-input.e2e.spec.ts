// Wrong input through the gateway: an error that names the field and the request, and nothing is changed.
import { randomUUID } from 'node:crypto';
import type { GraphError } from '@caregraph/testing';
import { demoId, demoPractices } from '../tools/demo/ids.js';
import type { SeenAppointment } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import {
  booked,
  held,
  holdAsVisitor,
  openWorld,
  requestedVisit,
  settled,
  type Held,
} from './support/story.js';

const long = (length: number): string => 'x'.repeat(length);

/** A registration in which one field is wrong. */
const patient = (over: object): object => ({
  id: randomUUID(),
  practiceId: demoPractices.riverside,
  firstName: 'Nora',
  lastName: 'Field',
  email: 'nora.field@patients.caregraph.example',
  mobile: '+12075550188',
  textConsent: true,
  ...over,
});

/** Mutation, the field that is named, what it holds, and the input: what is right is put in when it runs. */
const wrong: readonly (readonly [mutation: string, field: string, what: string, input: object])[] = [
  ['holdSlot', 'offer', 'empty', { offer: '' }],
  ['holdSlot', 'offer', 'longer than an offer', { offer: long(251) }],
  ['bookAppointment', 'holdId', 'no UUID', { holdId: 'not-a-uuid' }],
  ['bookAppointment', 'patientId', 'no UUID', { patientId: '12' }],
  ['bookAppointment', 'paymentMethodId', 'a card’s number', { paymentMethodId: '4242424242424242' }],
  ['bookAppointment', 'paymentMethodId', 'a token of another kind', { paymentMethodId: 'tok_visa' }],
  ['bookAppointment', 'paymentMethodId', 'missing', { paymentMethodId: null }],
  ['bookAppointment', 'notes', '2001 characters', { notes: long(2_001) }],
  ['bookAppointment', 'idempotencyKey', '256 characters', { idempotencyKey: long(256) }],
  ['cancelAppointment', 'appointmentId', 'a booking number', { appointmentId: 'CG-20260115-A7B3C' }],
  ['cancelAppointment', 'reason', '501 characters', { reason: long(501) }],
  ['rescheduleAppointment', 'offer', 'longer than an offer', { offer: long(251) }],
  ['rescheduleAppointment', 'idempotencyKey', 'empty', { offer: 'any', idempotencyKey: '' }],
  ['declineAppointment', 'reason', '501 characters', { reason: long(501) }],
  ['confirmAppointment', 'appointmentId', 'empty', { appointmentId: '' }],
  ['retryAppointmentPayment', 'paymentMethodId', 'a word', { paymentMethodId: 'visa' }],
  ['registerPatient', 'firstName', 'empty', patient({ firstName: '' })],
  ['registerPatient', 'lastName', 'markup', patient({ lastName: '<script>' })],
  ['registerPatient', 'email', 'no address', patient({ email: 'nora' })],
  ['registerPatient', 'mobile', 'too short', patient({ mobile: '12345' })],
  ['registerPatient', 'timeZone', 'no zone', patient({ timeZone: 'Mars/Olympus' })],
  ['registerPatient', 'language', 'no language', patient({ language: 'english!' })],
  ['registerPatient', 'practiceId', 'no UUID', patient({ practiceId: 'riverside' })],
  [
    'refundPayment',
    'paymentId',
    'the processor’s id',
    { paymentId: 'pi_123', amountMinor: 100, reason: 'A reason.', idempotencyKey: 'k' },
  ],
  [
    'refundPayment',
    'amountMinor',
    'nothing',
    { paymentId: randomUUID(), amountMinor: 0, reason: 'A reason.', idempotencyKey: 'k' },
  ],
  ['resendNotification', 'notificationId', 'a word', { notificationId: 'latest' }],
  ['disconnectCalendar', 'providerId', 'a word', { providerId: 'me' }],
];

/** What patients do themselves; staff does the rest. */
const patients = [
  'bookAppointment',
  'cancelAppointment',
  'registerPatient',
  'rescheduleAppointment',
  'retryAppointmentPayment',
];

const queries: readonly (readonly [field: string, query: string])[] = [
  ['first', '{ appointments(first: 0) { edges { node { id } } } }'],
  ['first', '{ appointments(first: 101) { edges { node { id } } } }'],
  ['after', '{ appointments(after: "nowhere") { edges { node { id } } } }'],
  ['id', '{ appointment(id: "CG-20260115-A7B3C") { id } }'],
  ['id', '{ patient(id: "1") { id } }'],
  ['id', '{ provider(id: "1") { id } }'],
  ['id', '{ practice(id: "") { id } }'],
  ['id', '{ payment(id: "pi_123") { id } }'],
  ['id', '{ notification(id: "latest") { id } }'],
  ['providerId', '{ calendarConnection(providerId: "me") { id } }'],
];

describe('wrong input', () => {
  let world: World;
  let before: SeenAppointment;
  let hold: Held;
  beforeAll(async () => {
    world = openWorld();
    const { id } = await booked(world, 'patient', requestedVisit);
    before = await settled(world, id);
    hold = held(await holdAsVisitor((await world.firstSlot(requestedVisit)).offer));
  });
  afterAll(() => world.close());

  /** Everything that the mutation needs, right. */
  const right = (mutation: string): object => {
    if (mutation === 'bookAppointment') {
      return { ...hold, patientId: world.patientOf('patient'), paymentMethodId: 'pm_card_visa' };
    }
    if (mutation === 'retryAppointmentPayment')
      return { appointmentId: before.id, paymentMethodId: 'pm_card_visa' };
    return mutation.endsWith('Appointment') ? { appointmentId: before.id } : {};
  };
  const actor = (mutation: string): string => (patients.includes(mutation) ? 'patient' : 'staff');
  const expectNamed = (errors: readonly GraphError[], field: string, requestId: string): void => {
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', requestId });
    expect(new Set(errors[0]?.extensions?.fields?.map((fault) => fault.field))).toEqual(new Set([field]));
  };

  it.each(wrong)('of %s is an error that names %s: %s', async (mutation, field, _what, input) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation Wrong($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
    const requestId = randomUUID();
    const { errors, headers } = await world
      .as(actor(mutation))
      .answer(document, { input: { ...right(mutation), ...input } }, { 'x-request-id': requestId });
    expectNamed(errors, field, requestId);
    expect(headers.get('x-request-id')).toBe(requestId);
  });

  it('of a text with U+0000 is an error that names the path of the variable', async () => {
    const requestId = randomUUID();
    const document =
      'mutation Wrong($input: CancelAppointmentInput!) { cancelAppointment(input: $input) { __typename } }';
    const input = { appointmentId: before.id, reason: 'a\u0000b' };
    const { errors } = await world.as('patient').answer(document, { input }, { 'x-request-id': requestId });
    expectNamed(errors, 'input.reason', requestId);
  });

  it.each(queries)('of a query is an error that names %s: %s', async (field, query) => {
    const requestId = randomUUID();
    const { errors } = await world.as('staff').answer(query, {}, { 'x-request-id': requestId });
    expectNamed(errors, field, requestId);
  });

  it.each([
    ['an unknown field', '{ appointment(id: "1") { id secret } }'],
    ['a variable that is missing', 'query Missing($id: ID!) { appointment(id: $id) { id } }'],
    ['no GraphQL at all', 'select * from appointment'],
    ['nesting without end', `{ ${'practices { edges { node { '.repeat(8)} id ${'} } }'.repeat(8)} }`],
  ])('that is %s is BAD_USER_INPUT, with the request’s id', async (_what, query) => {
    const { errors } = await world.as('patient').answer(query);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      requestId: expect.any(String) as string,
    });
  });

  it.each([
    ['malformed', 'no-offer-at-all'],
    ['made up', Buffer.from(long(120)).toString('base64url')],
  ])('that is a %s offer is refused, and holds nothing', async (_what, offer) => {
    expect(await holdAsVisitor(offer)).toMatchObject({ __typename: 'OfferRejected', code: 'OFFER_REJECTED' });
  });

  it('that is an access token of somebody else’s making is refused', async () => {
    const response = await fetch(world.read().graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('has changed nothing: the appointment is as it was, the hold can still be booked, nobody was registered', async () => {
    expect(await world.see('staff', before.id)).toEqual(before);
    expect(await world.book('patient', hold.holdId, { holdToken: hold.holdToken })).toMatchObject({
      __typename: 'Appointment',
    });
    const { myPatients } = await world
      .as('patient')
      .request<{ myPatients: { id: string }[] }>('{ myPatients { id } }');
    expect(myPatients).toEqual([{ id: demoId('patient', '1') }]);
  });
});
