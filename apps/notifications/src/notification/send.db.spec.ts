// From the events of others to the mails that the world really got.
import { Case, type CaseOptions } from '../testing/case.js';
import { eventually, NotificationsBed } from '../testing/notifications-bed.js';
import { send } from './send.js';

interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly content: readonly { readonly type: string; readonly value: string }[];
  readonly customArgs: Readonly<Record<string, string>>;
}

describe('the messages of an appointment', () => {
  let bed: NotificationsBed;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
    await bed.startWork();
  });
  afterEach(async () => {
    await fetch(new URL('/_sandbox/faults', bed.world.url), { method: 'DELETE' });
    await bed.world.control('/_sandbox/webhooks/release', {});
    await bed.startWork();
  });
  afterAll(() => bed.close());

  const open = (options?: CaseOptions): Promise<Case> => Case.open(bed, options);
  const mails = async ({ appointmentId }: Case): Promise<readonly SentMail[]> =>
    (await bed.world.control<{ mails: SentMail[] }>(`/_sandbox/ledger?appointmentId=${appointmentId}`)).mails;
  const subjects = async (one: Case): Promise<string[]> =>
    (await mails(one)).map(({ subject }) => subject).sort();
  const statuses = async ({ appointmentId }: Case): Promise<string[]> =>
    (await bed.notifications(appointmentId)).map(
      ({ cause, recipient, status, reason }) =>
        `${cause} ${recipient} ${status}${reason ? ` ${reason}` : ''}`,
    );
  const fault = (kind: string, { appointmentId }: Case, more: object = {}): Promise<unknown> =>
    bed.world.control('/_sandbox/faults', {
      path: '/v3/mail/send',
      kind,
      bodyIncludes: appointmentId,
      ...more,
    });
  const advance = async (seconds: number): Promise<void> =>
    bed.follows(await bed.world.control('/_sandbox/clock/advance', { seconds }));

  it('are one mail per cause, channel and recipient, though the events come twice', async () => {
    const one = await open();
    const request = () => one.booking('awaiting-provider', 'PENDING_CONFIRMATION', { version: 10 });
    await request();
    await request();
    await one.booking('confirmed', 'CONFIRMED', { version: 11 });
    await one.booking('confirmed', 'CONFIRMED', { version: 11 });
    await eventually(async () => {
      expect(await statuses(one)).toEqual([
        'appointment-awaiting-provider PATIENT DELIVERED',
        'appointment-awaiting-provider PROVIDER DELIVERED',
        'appointment-confirmed PATIENT DELIVERED',
        'appointment-confirmed PROVIDER DELIVERED',
      ]);
    });
    expect(await subjects(one)).toEqual([
      'Appointment confirmed: CG-20261201-A7B3C',
      'New booking request: action required',
      'We have received your request',
      'Your appointment is confirmed',
    ]);
    expect(new Set((await mails(one)).map(({ to }) => to))).toEqual(
      new Set([one.patientAddress, one.providerAddress]),
    );
  });

  it('survive two workers that are handed the same one', async () => {
    await bed.stopWork();
    const one = await open();
    await one.confirmed();
    const [patients] = await bed.notifications(one.appointmentId);
    await Promise.all([1, 2, 3].map(() => send(bed.sending(), patients!.id)));
    expect((await mails(one)).map(({ to }) => to)).toEqual([one.patientAddress]);
  });

  it('name practice, provider, place and number, and never what the visit is for (X-28)', async () => {
    const one = await open();
    await one.patient({ timeZone: 'America/Los_Angeles', version: 2 });
    await one.booking('awaiting-provider', 'PENDING_CONFIRMATION', { appointmentTypeName: 'First visit' });
    await eventually(async () => {
      expect(await mails(one)).toHaveLength(2);
    });
    const texts = (await mails(one)).map(({ to, content, subject }) => ({
      to,
      all: subject + content.map(({ value }) => value).join(),
    }));
    for (const { all } of texts) {
      expect(all).toContain('Harbor Family Health');
      expect(all).toContain('Dr. Amelia Reyes');
      expect(all).toContain('12 Harbor Street');
      expect(all).toContain('CG-20261201-A7B3C');
      expect(all).not.toContain('First visit');
    }
    const to = (address: string): string => texts.find((each) => each.to === address)?.all ?? '';
    expect(to(one.patientAddress)).toMatch(/\d:\d\d [AP]M P[SD]T/);
    expect(to(one.providerAddress)).toMatch(/\d:\d\d [AP]M E[SD]T/);
    expect(to(one.patientAddress)).toContain(
      `https://app.caregraph.example/appointments/${one.appointmentId}`,
    );
    expect(to(one.providerAddress)).toContain(
      `https://app.caregraph.example/desk/appointments/${one.appointmentId}`,
    );
    expect(to(one.providerAddress)).not.toMatch(/Pat|Lee/);
    for (const { customArgs } of await mails(one)) {
      expect(Object.keys(customArgs).sort()).toEqual(['appointment_id', 'notification_id']);
    }
  });

  it('confirm an instant booking only when the money is captured, whichever event comes last', async () => {
    const confirmedFirst = await open({ mode: 'INSTANT' });
    await confirmedFirst.confirmed();
    await confirmedFirst.booking('updated', 'CONFIRMED');
    expect(await statuses(confirmedFirst)).toEqual([]);
    await confirmedFirst.payment('captured');

    const capturedFirst = await open({ mode: 'INSTANT' });
    await capturedFirst.payment('captured');
    expect(await statuses(capturedFirst)).toEqual([]);
    await capturedFirst.confirmed();

    const nothingDue = await open({ mode: 'INSTANT', nothingDue: true });
    await nothingDue.confirmed();

    for (const one of [confirmedFirst, capturedFirst, nothingDue]) {
      await eventually(async () => {
        expect(await subjects(one)).toEqual([
          'Appointment confirmed: CG-20261201-A7B3C',
          'Your appointment is confirmed',
        ]);
      });
    }
  });

  it('confirm an instant booking once when both events are worked off at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => open({ mode: 'INSTANT' })));
    await Promise.all(all.flatMap((one) => [one.confirmed(), one.payment('captured')]));
    for (const one of all) {
      await eventually(async () => {
        expect(await subjects(one)).toHaveLength(2);
      });
    }
  });

  it('never confirm what was cancelled before the capture', async () => {
    const one = await open({ mode: 'INSTANT' });
    await one.confirmed();
    await one.booking('cancelled', 'CANCELLED_PATIENT', { refundBasisPoints: 10_000 });
    await one.payment('captured');
    await eventually(async () => {
      expect(await statuses(one)).toEqual(['appointment-cancelled PATIENT DELIVERED']);
    });
  });

  it('tell of the share that goes back, and tell the provider of the end only when he knew of the beginning', async () => {
    const known = await open();
    await known.confirmed();
    await known.booking('cancelled', 'CANCELLED_PATIENT', { refundBasisPoints: 5_000 });
    await eventually(async () => {
      expect((await statuses(known)).filter((each) => each.includes('cancelled'))).toEqual([
        'appointment-cancelled PATIENT DELIVERED',
        'appointment-cancelled PROVIDER DELIVERED',
      ]);
    });
    const text = (await mails(known)).find(({ subject }) => subject === 'Your appointment is cancelled')
      ?.content[0]?.value;
    expect(text).toContain('50% of the amount goes back to you');

    const unknown = await open();
    await unknown.booking('requested', 'PENDING_PAYMENT', { paymentMethodId: null, paymentDeadlineAt: null });
    await unknown.booking('cancelled', 'CANCELLED_ADMIN', { cause: 'ADMIN' });
    await eventually(async () => {
      expect(await statuses(unknown)).toEqual(['appointment-cancelled PATIENT DELIVERED']);
    });
  });

  it('tell of an unanswered request, a refusal, a new time and a failed card', async () => {
    const expired = await open();
    await expired.booking('awaiting-provider', 'PENDING_CONFIRMATION');
    await expired.booking('expired', 'EXPIRED');
    const declined = await open();
    await declined.booking('awaiting-provider', 'PENDING_CONFIRMATION');
    await declined.booking('declined', 'CANCELLED_PROVIDER');
    const moved = await open();
    await moved.confirmed();
    moved.start = moved.inHours(100);
    await moved.booking('rescheduled', 'CONFIRMED');
    const unpaid = await open();
    await unpaid.booking('payment-failed', 'PAYMENT_FAILED');
    await unpaid.booking('expired', 'EXPIRED', { cause: 'PAYMENT_ABANDONED' });
    const due = await open();
    await due.confirmed();
    await due.payment('capture-failed');

    const told: readonly (readonly [Case, readonly string[]])[] = [
      [expired, ['Request expired: CG-20261201-A7B3C', 'Request expired: payment released']],
      [declined, ['Your request was declined']],
      [moved, ['Appointment moved: CG-20261201-A7B3C', 'Your appointment has moved']],
      [due, ['Payment due: choose another card']],
    ];
    for (const [one, expected] of told) {
      await eventually(async () => {
        expect(await subjects(one)).toEqual(expect.arrayContaining([...expected]));
      });
    }
    // The failed card's mail may be overtaken by the end that follows at once; nothing else may have been sent.
    expect((await statuses(unpaid)).map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual([
      'appointment-payment-failed PATIENT',
    ]);
  });

  it('tell of a failed card each time one fails, with a link to pay', async () => {
    const one = await open();
    await one.booking('payment-failed', 'PAYMENT_FAILED');
    await eventually(async () => {
      expect(await mails(one)).toHaveLength(1);
    });
    await one.booking('payment-requested', 'PENDING_PAYMENT');
    await one.booking('payment-failed', 'PAYMENT_FAILED');
    await eventually(async () => {
      expect(await subjects(one)).toEqual(
        Array.from({ length: 2 }, () => 'Your payment failed: choose another card'),
      );
    });
    expect((await mails(one))[0]?.content[0]?.value).toContain(`/appointments/${one.appointmentId}/payment`);
  });

  it('drop an event that is older than what is known', async () => {
    const one = await open();
    await one.booking('cancelled', 'CANCELLED_PROVIDER', { version: 9 });
    await one.booking('confirmed', 'CONFIRMED', { version: 8 });
    await eventually(async () => {
      expect(await statuses(one)).toEqual(['appointment-cancelled PATIENT DELIVERED']);
    });
  });

  it('are skipped, with the reason, without an address (X-25)', async () => {
    const one = await open({ providerHasNoAddress: true });
    await one.confirmed();
    await eventually(async () => {
      expect(await statuses(one)).toEqual([
        'appointment-confirmed PATIENT DELIVERED',
        'appointment-confirmed PROVIDER SKIPPED NO_ADDRESS',
      ]);
    });
    const erased = await open();
    await erased.patient({ version: 2, contact: null, erased: true });
    await erased.confirmed();
    await eventually(async () => {
      expect(await statuses(erased)).toContain('appointment-confirmed PATIENT SKIPPED NO_ADDRESS');
    });
    expect((await bed.published(erased.appointmentId)).map(({ data }) => data.failure)).toContain(
      'NO_ADDRESS',
    );
  });

  it('wait for a patient of whom nothing has been heard yet', async () => {
    await bed.stopWork();
    const one = await open();
    const { patientId, practiceId } = one;
    await bed.em().execute('delete from known_patient where id = ?', [patientId], 'run');
    await one.confirmed();
    const [patients] = await bed.notifications(one.appointmentId);
    await expect(send(bed.sending(), patients!.id)).rejects.toThrow('have not been heard of yet');
    expect((await bed.notifications(one.appointmentId))[0]).toMatchObject({ status: 'QUEUED', attempts: 0 });
    await one.patient({ patientId, practiceId });
    await send(bed.sending(), patients!.id);
    expect(await mails(one)).toHaveLength(1);
  });

  it('wait for booking’s event, where payments’ was faster', async () => {
    await bed.stopWork();
    const one = await open();
    await one.booking('awaiting-provider', 'PENDING_CONFIRMATION');
    await one.payment('capture-failed');
    const due = (await bed.notifications(one.appointmentId)).find(
      ({ cause, recipient }) => cause === 'payment-capture-failed' && recipient === 'PATIENT',
    );
    await expect(send(bed.sending(), due!.id)).rejects.toThrow('not been heard of booking yet');
    await one.booking('confirmed', 'CONFIRMED');
    await send(bed.sending(), due!.id);
    expect(await subjects(one)).toEqual(['Payment due: choose another card']);
  });

  it('tell the others what was sent, once each', async () => {
    const one = await open();
    await one.confirmed();
    await eventually(async () => {
      expect(await statuses(one)).toEqual([
        'appointment-confirmed PATIENT DELIVERED',
        'appointment-confirmed PROVIDER DELIVERED',
      ]);
    });
    const events = await bed.published(one.appointmentId);
    expect(events.map(({ type, data }) => [type, data.recipient]).sort()).toEqual([
      ['notifications.notification-sent.v1', 'PATIENT'],
      ['notifications.notification-sent.v1', 'PROVIDER'],
    ]);
    expect(JSON.stringify(events)).not.toContain('@');
  });

  describe('when the vendor fails', () => {
    it('are one mail though the reply was lost after the effect: the vendor’s event settles it', async () => {
      const one = await open({ providerHasNoAddress: true });
      await fault('reset-after-effect', one);
      await one.confirmed();
      await eventually(async () => {
        expect((await statuses(one))[0]).toBe('appointment-confirmed PATIENT DELIVERED');
      });
      await advance(360);
      expect(await mails(one)).toHaveLength(1);
      expect((await bed.notifications(one.appointmentId))[0]).toMatchObject({ attempts: 1, unknownTries: 0 });
    });

    it.each(['reset-after-effect', 'hang-after-effect', '500-after-effect'])(
      'are one mail after %s, though the event that settles it comes minutes later',
      async (kind) => {
        const one = await open({ providerHasNoAddress: true });
        await bed.world.control('/_sandbox/webhooks/sendgrid', { mode: 'hold' });
        await fault(kind, one);
        await one.confirmed();
        await eventually(async () => {
          expect(await planned('settle-notification', one)).toBe(1);
        });
        await advance(240);
        // Due after the jump: when it has run, a blind repetition would have had its chance.
        const other = await open({ providerHasNoAddress: true });
        await other.confirmed();
        await eventually(async () => {
          expect(await mails(other)).toHaveLength(1);
        });
        expect(await mails(one)).toHaveLength(1);
        expect((await statuses(one))[0]).toBe('appointment-confirmed PATIENT QUEUED');

        await bed.world.control('/_sandbox/webhooks/release', {});
        await eventually(async () => {
          expect((await statuses(one))[0]).toBe('appointment-confirmed PATIENT DELIVERED');
        });
        expect(await planned('settle-notification', one)).toBe(0);
        expect(await mails(one)).toHaveLength(1);
      },
    );

    it('are sent once more after five minutes of silence, when the call never arrived', async () => {
      const one = await open({ providerHasNoAddress: true });
      await fault('reset-before', one);
      await one.confirmed();
      await eventually(async () => {
        expect((await bed.notifications(one.appointmentId))[0]).toMatchObject({
          status: 'QUEUED',
          tryStartedAt: expect.any(Date) as Date,
        });
        expect(
          (await bed.world.control<{ faults: { struck: number }[] }>('/_sandbox/faults')).faults.at(-1)
            ?.struck,
        ).toBe(1);
      });
      await eventually(async () => {
        expect(await planned('settle-notification', one)).toBe(1);
      });
      await advance(299);
      expect(await mails(one)).toHaveLength(0);
      await advance(2);
      await eventually(async () => {
        expect((await statuses(one))[0]).toBe('appointment-confirmed PATIENT DELIVERED');
      });
      expect(await mails(one)).toHaveLength(1);
      expect((await bed.notifications(one.appointmentId))[0]).toMatchObject({ attempts: 2, unknownTries: 1 });
    });

    it('are taken over from a worker that died in its call, without a second mail', async () => {
      await bed.stopWork();
      const one = await open({ providerHasNoAddress: true });
      await one.confirmed();
      const [patients] = await bed.notifications(one.appointmentId);
      const dying = { ...bed.sending(), sendMail: () => Promise.reject(new Error('killed')) };
      await expect(send(dying, patients!.id)).rejects.toThrow('killed');
      await bed.startWork();
      await eventually(async () => {
        expect(await planned('settle-notification', one)).toBe(1);
      });
      expect(await mails(one)).toHaveLength(0);
      await advance(301);
      await eventually(async () => {
        expect((await statuses(one))[0]).toBe('appointment-confirmed PATIENT DELIVERED');
      });
      expect(await mails(one)).toHaveLength(1);
    });

    it('are tried again when the vendor certainly did not take them, and not before it said', async () => {
      const one = await open({ providerHasNoAddress: true });
      await fault('429', one, { retryAfterSeconds: 60 });
      await one.confirmed();
      await eventually(async () => {
        expect((await bed.notifications(one.appointmentId))[0]).toMatchObject({
          status: 'QUEUED',
          attempts: 1,
          tryStartedAt: null,
        });
      });
      await advance(58);
      expect(await mails(one)).toHaveLength(0);
      await advance(3);
      await eventually(async () => {
        expect((await statuses(one))[0]).toBe('appointment-confirmed PATIENT DELIVERED');
      });
      expect(await mails(one)).toHaveLength(1);
    });

    it('fail when the vendor refuses them, and the others hear of it (NT-018)', async () => {
      const one = await open({ patientLocalPart: 'no address at all', providerHasNoAddress: true });
      await one.confirmed();
      await eventually(async () => {
        expect((await statuses(one))[0]).toBe('appointment-confirmed PATIENT FAILED HTTP_400');
      });
      expect(
        (await bed.published(one.appointmentId)).map(({ type, data }) => [type, data.failure]),
      ).toContainEqual(['notifications.notification-failed.v1', 'HTTP_400']);
    });
  });

  /** How many such jobs wait for notifications of this appointment. */
  async function planned(job: string, { appointmentId }: Case): Promise<number> {
    const rows = await bed.em().execute<unknown[]>(
      `select 1 from jobs.job_common j join notification n on n.id::text = j.singleton_key
        where j.name = ? and j.state = 'created' and n.appointment_id = ?`,
      [job, appointmentId],
    );
    return rows.length;
  }
});
