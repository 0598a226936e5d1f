import { randomUUID } from 'node:crypto';
import { memberOf, mutate, patient, specApp, world, type SpecApp } from '../spec-app.js';

describe('an appointment type', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());
  const type = { durationMinutes: 45, priceAmountMinor: 9900 };
  const room = async (locationId: string): Promise<string> => {
    const id = randomUUID();
    await mutate(app, 'createResource', { id, locationId, name: 'Room', kind: 'ROOM' });
    return id;
  };

  it('is told of whole, and not for online booking unless it says so (SC-027)', async () => {
    const { practiceId, providerId, locationId, admin } = await world(app);
    const [id, roomId] = [randomUUID(), await room(locationId)];
    const input = {
      id,
      practiceId,
      name: 'First visit',
      ...type,
      providerIds: [providerId],
      resourceIds: [roomId],
    };
    await mutate(app, 'createAppointmentType', input, { viewer: admin });
    expect(await app.events('scheduling.appointment-type-changed.v1', id)).toEqual([
      {
        appointmentTypeId: id,
        practiceId,
        version: 1,
        name: 'First visit',
        category: 'INDIVIDUAL',
        description: null,
        durationMinutes: 45,
        bufferBeforeMinutes: null,
        bufferAfterMinutes: null,
        price: { amountMinor: 9900, currency: 'USD' },
        paymentMode: 'HOLD',
        cancellationPolicy: null,
        providerIds: [providerId],
        resourceIds: [roomId],
        allowOnlineBooking: false,
        active: true,
      },
    ]);
  });

  it('has a name unique in its practice, whatever its letters, also when two are made at once (SC-022)', async () => {
    const [own, other] = [await world(app), await world(app)];
    const make = (practiceId: string, name: string) =>
      mutate(app, 'createAppointmentType', { practiceId, name, ...type });
    const answers = await Promise.all(
      ['Follow-up', 'follow-UP', ' Follow-up '].map((name) => make(own.practiceId, name)),
    );
    expect(answers.map((answer) => answer.code ?? 'made').sort()).toEqual([
      'APPOINTMENT_TYPE_NAME_TAKEN',
      'APPOINTMENT_TYPE_NAME_TAKEN',
      'made',
    ]);
    expect(await make(other.practiceId, 'Follow-up')).toMatchObject({ __typename: 'AppointmentType' });
    const renamed = { appointmentTypeId: own.typeId, name: 'FOLLOW-UP' };
    expect(await mutate(app, 'updateAppointmentType', renamed)).toMatchObject({
      code: 'APPOINTMENT_TYPE_NAME_TAKEN',
    });
    const same = { appointmentTypeId: own.typeId, name: 'VISIT' };
    expect(await mutate(app, 'updateAppointmentType', same)).toMatchObject({ __typename: 'AppointmentType' });
  });

  it('changes in what is named, keeps the rest, and is cleared by null (SC-029)', async () => {
    const { typeId, admin, providerId } = await world(app, {
      type: { bufferAfterMinutes: 20, category: 'FAMILY' },
    });
    const policy = { noticeHours: 48, feePercent: 50 };
    const input = {
      appointmentTypeId: typeId,
      bufferAfterMinutes: null,
      cancellationPolicy: policy,
      isActive: false,
    };
    await mutate(app, 'updateAppointmentType', input, { viewer: admin });
    expect((await app.events('scheduling.appointment-type-changed.v1', typeId)).at(-1)).toMatchObject({
      version: 2,
      name: 'Visit',
      category: 'FAMILY',
      bufferAfterMinutes: null,
      cancellationPolicy: policy,
      providerIds: [providerId],
      active: false,
    });
  });

  it('names only providers and resources of its practice, the resources at one location (SC-049)', async () => {
    const [own, other] = [await world(app), await world(app)];
    const annex = randomUUID();
    await mutate(app, 'createLocation', { id: annex, practiceId: own.practiceId, name: 'Annex' });
    const make = (names: object) =>
      mutate(app, 'createAppointmentType', {
        practiceId: own.practiceId,
        name: randomUUID(),
        ...type,
        ...names,
      });
    expect(await make({ providerIds: [other.providerId] })).toMatchObject({ code: 'UNKNOWN_PROVIDER' });
    expect(await make({ resourceIds: [await room(other.locationId)] })).toMatchObject({
      code: 'UNKNOWN_RESOURCE',
    });
    const apart = [await room(own.locationId), await room(annex)];
    expect(await make({ resourceIds: apart })).toMatchObject({ code: 'RESOURCES_APART' });
    const many = Array.from({ length: 4 }, () => randomUUID());
    await expect(make({ resourceIds: many })).rejects.toMatchObject({ fields: ['resourceIds'] });
  });

  it.each([
    ['durationMinutes', { durationMinutes: 4 }],
    ['priceAmountMinor', { priceAmountMinor: -1 }],
    ['bufferBeforeMinutes', { bufferBeforeMinutes: 121 }],
    ['cancellationPolicy.feePercent', { cancellationPolicy: { noticeHours: 1, feePercent: 101 } }],
    ['name', { name: '<b>' }],
  ])('with a wrong %s is refused and changes nothing', async (field, wrong) => {
    const { practiceId, typeId } = await world(app);
    const make = mutate(app, 'createAppointmentType', { practiceId, name: 'New', ...type, ...wrong });
    await expect(make).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: [field] });
    const update = mutate(app, 'updateAppointmentType', { appointmentTypeId: typeId, ...wrong });
    await expect(update).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: [field] });
    const rows = await app.rows('select version from appointment_type where practice_id = ?', [practiceId]);
    expect(rows).toEqual([{ version: 1 }]);
  });

  it('is for admins of its practice to make and change', async () => {
    const { practiceId, typeId } = await world(app);
    for (const viewer of [patient, memberOf(practiceId, 'staff'), memberOf(randomUUID(), 'admin')]) {
      const make = mutate(app, 'createAppointmentType', { practiceId, name: 'New', ...type }, { viewer });
      await expect(make).rejects.toMatchObject({ code: 'FORBIDDEN' });
      const update = mutate(
        app,
        'updateAppointmentType',
        { appointmentTypeId: typeId, name: 'New' },
        { viewer },
      );
      await expect(update).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    const unknown = await mutate(app, 'updateAppointmentType', { appointmentTypeId: randomUUID() });
    expect(unknown).toMatchObject({ code: 'UNKNOWN_APPOINTMENT_TYPE' });
  });
});
