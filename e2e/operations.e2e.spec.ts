// What an operator does to a running stack: he looks, mends lost copies, checks the trail and erases a person.
import { randomUUID } from 'node:crypto';
import { eventually } from '@caregraph/testing';
import { demoId } from '../tools/demo/ids.js';
import type { World } from '../tools/demo/world.js';
import { ops, sql } from './support/operations.js';
import { confirmed, expectEachMailOnce, instantVisit, openWorld, settled, stack } from './support/story.js';

describe('an operator', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  /** Nothing is on its way any more. */
  const quiet = (): Promise<true> =>
    eventually('all is worked off', async () => {
      for (const app of ['scheduling', 'booking', 'payments', 'notifications', 'calendar_sync', 'platform']) {
        const waiting = await sql(app, 'select 1 from outbox where published_at is null');
        if (waiting.length > 0) return undefined;
      }
      const behind = await sql(
        'event_log',
        `select 1 from event_offset o join event_partition p using (topic, partition) where o.next_offset < p.next_offset`,
      );
      return behind.length === 0 ? true : undefined;
    });

  it('sees the whole stack in one table, the outbox by topic, jobs and dead letters (GW-054)', async () => {
    await confirmed(world, 'patient');
    await quiet();
    const status = await ops(['status']);
    for (const app of Object.keys(stack.describe().urls)) expect(status.output).toContain(app);
    expect(status.output).toContain('ready');
    expect(status).toMatchObject({ code: 0 });
    expect((await ops(['outbox', 'all'])).output).toContain('booking.appointment');
    const jobs = await ops(['jobs', 'notifications', 'list']);
    expect(jobs.output).toMatch(/remind/);
    expect(await ops(['dead-letters', 'booking', 'list'])).toMatchObject({ code: 0 });
    expect(await ops(['dead-letters', 'booking', 'skip', randomUUID()])).toMatchObject({ code: 1 });
    expect(await ops(['nonsense'])).toMatchObject({ code: 2 });
  });

  it('brings lost copies back by saying a noun again, and nothing happens twice', async () => {
    const { id, slot } = await confirmed(world, 'patient2', instantVisit);
    await settled(world, id);
    await quiet();
    const patientId = world.patientOf('patient2');
    const copies = [
      ['notifications', 'known_patient', 'id', patientId, 'booking patient'],
      ['notifications', 'known_appointment', 'id', id, 'booking appointment'],
      ['notifications', 'appointment_access', 'appointment_id', id, 'booking appointment'],
      ['payments', 'appointment_access', 'appointment_id', id, 'booking appointment'],
      ['calendar_sync', 'appointment_access', 'appointment_id', id, 'booking appointment'],
      ['notifications', 'known_payment', 'id', id, 'payments payment'],
      ['scheduling', 'busy_interval', 'owner_id', id, 'booking claim'],
      ['scheduling', 'busy_owner', 'owner_id', id, 'booking claim'],
      ['booking', 'known_provider', 'id', demoId('provider', 'provider'), 'scheduling provider'],
      [
        'booking',
        'known_appointment_type',
        'id',
        demoId('appointment-type', 'first-visit'),
        'scheduling appointment-type',
      ],
      ['booking', 'known_calendar', 'id', demoId('provider', 'provider'), 'calendar-sync connection'],
    ] as const;
    const all = (): Promise<object[][]> =>
      Promise.all(
        copies.map(([app, table, key, value]) =>
          // Said again, time has the present version of its owner.
          sql(
            app,
            // Where keys were changed, each app has sealed its texts anew for itself: they say the same, and differ.
            `select regexp_replace((to_jsonb(t) - '${table === 'busy_owner' ? 'version' : ''}')::text, '"sealed\\.[^"]+"', '"sealed"')::jsonb as row from ${table} t where ${key} = $1`,
            [value],
          ),
        ),
      );
    const untouched = (): Promise<object[][]> =>
      Promise.all([
        sql('booking', 'select count(*) from audit_entry'),
        sql('booking', 'select sum(version) from appointment'),
        sql('notifications', 'select count(*), sum(version) from notification'),
        sql('payments', 'select count(*) from refund'),
        sql('payments', 'select sum(version) from payment'),
        sql('calendar_sync', 'select sum(version) from calendar_event'),
      ]);
    const before = [await all(), await untouched(), await world.ledger(id)];
    for (const [app, table, key, value] of copies) {
      const lost = await sql(app, `delete from ${table} where ${key} = $1 returning 1`, [value]);
      expect([app, table, lost.length]).toEqual([app, table, 1]);
    }
    for (const noun of new Set(copies.map(([, , , , said]) => said))) {
      const said = await ops(['republish', ...noun.split(' ')]);
      expect(said).toMatchObject({ code: 0 });
    }
    await quiet();
    expect([await all(), await untouched(), await world.ledger(id)]).toEqual(before);
    expectEachMailOnce(await world.ledger(id));
    const starts = (await world.slots(instantVisit)).map(({ start }) => start);
    expect(starts).not.toContain(slot.start);
  });

  it('finds a change of the audit trail, and who was changed (BK-102, GW-054)', async () => {
    const { id } = await confirmed(world, 'patient3', instantVisit);
    await settled(world, id);
    expect(await ops(['audit', 'verify'])).toMatchObject({ code: 0 });
    const change = (data: string): Promise<unknown> =>
      sql(
        'booking',
        `alter table audit_entry disable trigger user;
         update audit_entry set request_id = '${data}' where appointment_id = '${id}' and position = 2;
         alter table audit_entry enable trigger user`,
      );
    const [entry] = await sql<{ request_id: string; id: string }>(
      'booking',
      'select id, request_id from audit_entry where appointment_id = $1 and position = 2',
      [id],
    );
    await change('somebody else');
    const broken = await ops(['audit', 'verify']);
    expect(broken.code).toBe(1);
    expect(broken.output).toContain(entry?.id);
    await change(entry?.request_id ?? '');
    expect(await ops(['audit', 'verify'])).toMatchObject({ code: 0 });
  });

  it('erases a person, in every app and for good (GW-035)', async () => {
    const patientId = randomUUID();
    const person = {
      firstName: 'Erna',
      lastName: 'Gone',
      email: `erna.${patientId}@example.test`,
      mobile: '+12075550177',
    };
    const registered = await world.mutate(
      'patient',
      'registerPatient',
      {
        id: patientId,
        practiceId: demoId('practice', 'riverside'),
        textConsent: true,
        relation: 'PARENT',
        ...person,
      },
      '... on Patient { id }',
      randomUUID(),
    );
    expect(registered).toMatchObject({ id: patientId });
    const { id } = await world.booked('patient', instantVisit, { patientId });
    await world.until('staff', id, 'it is paid', ({ payment }) => payment?.status === 'CAPTURED');
    const erase = (by: string): Promise<object> =>
      world.mutate(by, 'erasePatient', { patientId }, '... on ErasedPatient { id erasedAt }', randomUUID());
    expect(await erase('admin')).toMatchObject({ code: 'PATIENT_HAS_APPOINTMENTS' });
    expect((await ops(['erase', patientId])).output).toContain('PATIENT_HAS_APPOINTMENTS');

    await world.act('staff', 'cancelAppointment', id);
    const erased = await eventually('the money is back, and she is erased', async () => {
      const outcome = await erase('admin');
      return 'erasedAt' in outcome ? outcome : undefined;
    });
    expect(erased).toMatchObject({ id: patientId });
    await expectForgotten(id, patientId);

    // What was said of her before comes once more, as from a replay.
    await sql(
      'booking',
      `insert into outbox (id, aggregatetype, aggregateid, type, payload, created_at)
       select $1::uuid, 'booking.patient', $2::text, payload->>'type',
         payload || jsonb_build_object('id', $1::text, 'subject', $2::text, 'data', (payload->'data')
           || jsonb_build_object('patientId', $2::text, 'version', 1)), now()
       from outbox where type = 'booking.patient-changed.v1' limit 1`,
      [randomUUID(), patientId],
    );
    await quiet();
    await expectForgotten(id, patientId);
    expect((await ops(['erase', patientId])).output).toContain('PATIENT_NOT_FOUND');
    expect(await ops(['audit', 'verify'])).toMatchObject({ code: 0 });
    // The visit and its money are still known, without her.
    const { payment } = (await world.see('staff', id)) ?? {};
    expect(payment?.status).toBe('REFUNDED');
    expect(await world.see('patient', id)).toBeNull();
  });

  async function expectForgotten(id: string, patientId: string): Promise<void> {
    await eventually('every copy has forgotten her', async () => {
      const rows = await Promise.all([
        sql(
          'notifications',
          'select contact as left from known_patient where id = $1 and contact is not null',
          [patientId],
        ),
        sql(
          'notifications',
          `select 1 from appointment_access where appointment_id = $1 and accounts <> '{}'`,
          [id],
        ),
        sql(
          'notifications',
          `select 1 from notification where appointment_id = $1 and recipient = 'PATIENT' and address_hash is not null`,
          [id],
        ),
        sql('payments', `select 1 from appointment_access where appointment_id = $1 and accounts <> '{}'`, [
          id,
        ]),
        sql('payments', 'select 1 from processor_customer where patient_id = $1', [patientId]),
        sql(
          'calendar_sync',
          `select 1 from appointment_access where appointment_id = $1 and accounts <> '{}'`,
          [id],
        ),
        sql('booking', 'select 1 from patient where id = $1 and contact is not null', [patientId]),
      ]);
      return rows.flat().length === 0 ? true : undefined;
    });
  }
});
