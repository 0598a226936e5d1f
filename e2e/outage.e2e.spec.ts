// A subgraph that is stopped takes its own fields with it, and nothing more; when it is back, so are they.
import type { World } from '../tools/demo/world.js';
import { eventually } from '@caregraph/testing';
import {
  booked,
  confirmed,
  instantVisit,
  openWorld,
  settled,
  stack,
  untilConfirmed,
} from './support/story.js';
import { operation } from '../tools/demo/operations.js';
import type { SeenAppointment } from '../tools/demo/seen.js';

const fieldsOf = {
  payments: 'payment',
  notifications: 'notifications',
  'calendar-sync': 'calendarEvent',
} as const;

describe('a subgraph that is stopped', () => {
  let world: World;
  let whole: SeenAppointment;
  beforeAll(async () => {
    world = openWorld();
    const { id } = await confirmed(world, 'patient');
    await settled(world, id);
    whole = (await world.see('patient', id))!;
  });
  afterAll(() => world.close());

  const ask = () =>
    world
      .as('patient')
      .answer<{ appointment: SeenAppointment }>(operation('SeeAppointment'), { id: whole.id });

  it.each(Object.entries(fieldsOf))(
    '%s: its field %s is null with an error, and comes back',
    async (app, field) => {
      await stack.stopApp(app);
      try {
        const { data, errors, status } = await ask();
        expect(status).toBe(200);
        expect(data?.appointment).toEqual({ ...whole, [field]: null });
        expect(errors).toMatchObject([{ path: ['appointment'], extensions: { code: 'UNAVAILABLE' } }]);
        expect(errors[0]?.extensions?.requestId).toEqual(expect.any(String));
      } finally {
        await stack.startApp(app);
      }
      const back = await eventually('the field is back', async () => {
        const answer = await ask();
        return answer.errors.length === 0 ? answer.data?.appointment : undefined;
      });
      expect(back).toEqual(whole);
    },
  );

  it('booking alone decides: it books while notifications are down, and who must be told is told later', async () => {
    await stack.stopApp('notifications');
    let id: string;
    try {
      ({ id } = await booked(world, 'patient2', instantVisit));
      await eventually('it is confirmed and paid', async () => {
        const { data } = await world
          .as('patient2')
          .answer<{ appointment: SeenAppointment }>(
            'query See($id: ID!) { appointment(id: $id) { status payment { status } } }',
            { id },
          );
        return data?.appointment.status === 'CONFIRMED' && data.appointment.payment?.status === 'CAPTURED'
          ? true
          : undefined;
      });
    } finally {
      await stack.startApp('notifications');
    }
    await untilConfirmed(world, 'patient2', id);
  });
});
