// Who sees what was sent, and who may have it sent again. Through the app's own door, with viewer tokens.
import { randomUUID } from 'node:crypto';
import { signViewer, systemViewer, type Membership } from '@caregraph/runtime';
import { Case } from '../testing/case.js';
import { eventually, NotificationsBed, viewerKeys } from '../testing/notifications-bed.js';
import type { Notification } from './notification.js';

interface Person {
  readonly account: string | null;
  readonly memberships?: Membership[];
}
interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

describe('notifications in the graph', () => {
  let bed: NotificationsBed;
  let one: Case;
  let patients: Notification;
  let providers: Notification;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
    await bed.startWork();
  });
  beforeEach(async () => {
    one = await Case.open(bed);
    await one.confirmed();
    await eventually(async () => {
      const all = await bed.notifications(one.appointmentId);
      expect(all.map(({ status }) => status)).toEqual(['DELIVERED', 'DELIVERED']);
      [patients, providers] = all as [Notification, Notification];
    });
  });
  afterAll(() => bed.close());

  const ask = async (
    { account, memberships = [] }: Person,
    query: string,
    variables: object,
  ): Promise<Answer> => {
    const body = JSON.stringify({ query, variables });
    const viewer = { ...systemViewer, account, memberships, requestId: randomUUID() };
    const token = await signViewer(viewer, { audience: 'notifications', body, keys: viewerKeys });
    const headers = { 'content-type': 'application/json', 'x-caregraph-viewer': token };
    return (await (await fetch(`${bed.url}/graphql`, { method: 'POST', headers, body })).json()) as Answer;
  };
  const ofAppointment = async (person: Person): Promise<unknown> => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Appointment { notifications { cause channel recipient status reason createdAt sentAt deliveredAt } } } }`;
    const representations = [{ __typename: 'Appointment', id: one.appointmentId }];
    const { data } = await ask(person, query, { representations });
    const [entity] = (data?._entities ?? []) as ({ notifications: { recipient: string }[] } | null)[];
    return entity?.notifications.map(({ recipient }) => recipient).sort() ?? null;
  };
  const resend = async (person: Person, notificationId: string, more: object = {}): Promise<Answer> =>
    ask(
      person,
      `mutation ($input: ResendNotificationInput!) { resendNotification(input: $input) {
        __typename ... on Notification { id status } ... on DomainError { code message } } }`,
      { input: { notificationId, ...more } },
    );
  const outcome = ({ data, errors }: Answer): unknown =>
    data?.resendNotification ?? errors?.[0]?.extensions.code;

  const patient = (): Person => ({ account: one.account });
  const provider = (): Person => ({ account: one.providerAccount });
  const staff = (): Person => ({
    account: 'desk',
    memberships: [{ practiceId: one.practiceId, role: 'staff' }],
  });
  const support = (): Person => ({
    account: 'support',
    memberships: [{ practiceId: null, role: 'support' }],
  });
  const stranger = (): Person => ({
    account: 'stranger',
    memberships: [{ practiceId: randomUUID(), role: 'admin' }],
  });

  it('show all of an appointment to its practice and provider, and to a patient his own', async () => {
    for (const person of [staff(), provider(), support()]) {
      expect(await ofAppointment(person)).toEqual(['PATIENT', 'PROVIDER']);
    }
    expect(await ofAppointment(patient())).toEqual(['PATIENT']);
    expect(await ofAppointment(stranger())).toBeNull();
    expect(await ofAppointment({ account: null })).toBeNull();
  });

  it('read as absent to whoever may not see them', async () => {
    const query = 'query ($id: ID!) { notification(id: $id) { status recipient } }';
    const see = async (person: Person, id: string): Promise<unknown> =>
      (await ask(person, query, { id })).data?.notification;
    expect(await see(patient(), patients.id)).toEqual({ status: 'DELIVERED', recipient: 'PATIENT' });
    expect(await see(patient(), providers.id)).toBeNull();
    expect(await see(staff(), providers.id)).toEqual({ status: 'DELIVERED', recipient: 'PROVIDER' });
    expect(await see(stranger(), patients.id)).toBeNull();
    expect(await see(staff(), 'no-id')).toBeNull();

    const entity = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Notification { id } } }`;
    const representations = [patients.id, providers.id, 'no-id'].map((id) => ({
      __typename: 'Notification',
      id,
    }));
    expect((await ask(patient(), entity, { representations })).data).toEqual({
      _entities: [{ id: patients.id }, null, null],
    });
  });

  it('are sent again by the practice, and by a patient who lost his confirmation', async () => {
    expect(outcome(await resend(staff(), providers.id))).toMatchObject({
      __typename: 'Notification',
      status: 'QUEUED',
    });
    expect(outcome(await resend(patient(), patients.id))).toMatchObject({ __typename: 'Notification' });
    await eventually(async () => {
      const all = await bed.notifications(one.appointmentId);
      expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'DELIVERED'));
      expect(all.map(({ occurrence }) => occurrence).sort()).toEqual(['once', 'once', 'once#2', 'once#2']);
    });
  });

  it('are sent again once for one idempotency key', async () => {
    const idempotencyKey = randomUUID();
    const first = outcome(await resend(staff(), patients.id, { idempotencyKey }));
    expect(outcome(await resend(staff(), patients.id, { idempotencyKey }))).toMatchObject({
      id: (first as { id: string }).id,
    });
    expect(await bed.notifications(one.appointmentId)).toHaveLength(3);
    expect(outcome(await resend(staff(), providers.id, { idempotencyKey }))).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('are not sent again by others, nor anything but his confirmation by a patient', async () => {
    expect(outcome(await resend(patient(), providers.id))).toMatchObject({ code: 'NOTIFICATION_NOT_FOUND' });
    expect(outcome(await resend(stranger(), patients.id))).toMatchObject({ code: 'NOTIFICATION_NOT_FOUND' });
    expect(outcome(await resend(staff(), randomUUID()))).toMatchObject({ code: 'NOTIFICATION_NOT_FOUND' });
    expect(outcome(await resend(staff(), 'no-id'))).toBe('BAD_USER_INPUT');
    await one.booking('rescheduled', 'CONFIRMED');
    const moved = (await bed.notifications(one.appointmentId)).find(
      ({ cause, recipient }) => cause === 'appointment-rescheduled' && recipient === 'PATIENT',
    );
    expect(outcome(await resend(patient(), moved!.id))).toBe('FORBIDDEN');
  });

  it('are not sent again when they are no longer true, still on their way, or were sent often enough', async () => {
    await bed.stopWork();
    expect(outcome(await resend(staff(), patients.id))).toMatchObject({ __typename: 'Notification' });
    const queued = (await bed.notifications(one.appointmentId)).find(({ status }) => status === 'QUEUED');
    expect(outcome(await resend(staff(), queued!.id))).toMatchObject({ code: 'NOTIFICATION_NOT_RESENDABLE' });
    for (let copy = 2; copy <= 5; copy += 1) {
      expect(outcome(await resend(staff(), patients.id))).toMatchObject({ __typename: 'Notification' });
    }
    expect(outcome(await resend(staff(), patients.id))).toMatchObject({
      code: 'NOTIFICATION_NOT_RESENDABLE',
    });
    await one.booking('cancelled', 'CANCELLED_ADMIN');
    expect(outcome(await resend(staff(), providers.id))).toMatchObject({
      code: 'NOTIFICATION_NOT_RESENDABLE',
      message: 'This notification is DELIVERED and cannot be sent again: it is no longer true.',
    });
    await bed.startWork();
  });

  it('refuse a caller whom the gateway did not name', async () => {
    const answer = await fetch(`${bed.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(answer.status).toBe(401);
  });
});
