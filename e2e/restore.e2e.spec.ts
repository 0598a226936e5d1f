// A backup of a stack that works, restored into an empty one: all that was is there, and goes on.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { connectStack, type RemoteStack } from '../tools/stack/client.js';
import type { RunningStack } from '../tools/stack/running-stack.js';
import { startStack } from '../tools/stack/start-stack.js';
import { World } from '../tools/demo/world.js';
import { closeEventLog } from './support/event-log.js';
import { ops, opsDone, sql } from './support/operations.js';
import {
  booked,
  confirmed,
  confirmedAndTold,
  expectEachMailOnce,
  expectMoney,
  instantVisit,
  openWorld,
  price,
  settled,
  stack,
} from './support/story.js';

describe('a backup restored into an empty stack', () => {
  let world: World;
  let folder: string;
  let other: RunningStack;
  let restored: World;
  let remote: RemoteStack;
  let before: { readonly done: string; readonly underWay: string; readonly start: string };

  beforeAll(async () => {
    world = openWorld();
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'caregraph-restore-'));
    fs.chmodSync(folder, 0o711);
    const { id: done, slot } = await confirmed(world, 'patient', instantVisit);
    await settled(world, done);
    // Booked, and its event has not left: the backup has the outbox and the jobs of a booking under way.
    const openEventLog = await closeEventLog();
    let underWay: string;
    try {
      ({ id: underWay } = await booked(world, 'patient2', instantVisit));
      await opsDone(['backup', path.join(folder, 'backup')]);
      copyWorldAndKeys();
    } finally {
      await openEventLog();
    }
    before = { done, underWay, start: slot.start };
    other = await startStack({
      dir: path.join(folder, 'stack'),
      mode: 'bundle',
      bundles: path.join(path.dirname(process.env.CAREGRAPH_STACK_FILE ?? ''), 'apps'),
      quiet: true,
      // Its first operator would be somebody already, and the databases not empty.
      variables: (app): Readonly<Record<string, string>> =>
        app === 'platform' ? { PLATFORM_OPERATORS: '' } : {},
    });
    remote = connectStack(other.file);
    restored = new World(() => remote.describe());
  }, 240_000);
  afterAll(async () => {
    await restored.close();
    await world.close();
    await other.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** The keys are kept elsewhere than the backup, and the outside world is not lost with our server. */
  function copyWorldAndKeys(): void {
    const from = path.dirname(process.env.CAREGRAPH_STACK_FILE ?? '');
    const to = path.join(folder, 'stack');
    fs.mkdirSync(to);
    fs.copyFileSync(path.join(from, 'secrets.json'), path.join(to, 'secrets.json'));
    fs.cpSync(path.join(from, 'keys'), path.join(to, 'keys'), { recursive: true });
    fs.cpSync(path.join(from, 'sandbox'), path.join(to, 'sandbox'), { recursive: true });
  }

  it('holds no key and no name in the clear', () => {
    const files = fs.readdirSync(path.join(folder, 'backup'), { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile()).length).toBeGreaterThan(20);
    const ring = path.join(path.dirname(process.env.CAREGRAPH_STACK_FILE ?? ''), 'keys', 'sealing');
    const key = /[\w+/=-]{30,}/.exec(fs.readFileSync(ring, 'utf8'))?.[0] ?? '';
    const people = ['Pat', 'Lee', '@example', key];
    expect(key.length).toBeGreaterThan(20);
    const patients = unzipped(path.join(folder, 'backup', 'booking', 'public.patient.jsonl.gz'));
    expect(patients).toContain('sealed.v1');
    // In sealed text three letters come together by chance.
    const inTheClear = patients.replaceAll(/sealed\.v1\.[^"\\]*/g, '');
    for (const word of people) expect(inTheClear).not.toContain(word);
  });

  it('is as it was: appointment, money, calendar state, trail, and the time that is taken (GW-037)', async () => {
    await opsDone(['restore', path.join(folder, 'backup')], other.file);
    await remote.waitReady();
    const [was, is] = [await world.see('staff', before.done), await restored.see('staff', before.done)];
    expect(is).not.toBeNull();
    expect(is).toEqual(was);
    await expectMoney(restored, before.done, { status: 'succeeded', capturedMinor: price, refundedMinor: 0 });
    const trail = 'select position, hash from audit_entry where appointment_id = $1 order by position';
    const trails = [stack, remote].map((one) => sql('booking', trail, [before.done], () => one.describe()));
    const [first, second] = await Promise.all(trails);
    expect(first?.length).toBeGreaterThan(5);
    expect(second).toEqual(first);
    const starts = (await restored.slots(instantVisit)).map(({ start }) => start);
    expect(starts).not.toContain(before.start);
  });

  it('goes on: the booking under way is confirmed and paid once, and nobody gets a mail again', async () => {
    await restored.until(
      'staff',
      before.underWay,
      'it is confirmed, and both were told',
      confirmedAndTold,
      60_000,
    );
    await expectMoney(restored, before.underWay, {
      status: 'succeeded',
      capturedMinor: price,
      refundedMinor: 0,
    });
    for (const id of [before.done, before.underWay]) expectEachMailOnce(await restored.ledger(id));
    expect((await restored.ledger(before.done)).mails).toEqual((await world.ledger(before.done)).mails);
    await opsDone(['audit', 'verify'], other.file);
    // What was paid before the backup is given back after it.
    await restored.act('staff', 'cancelAppointment', before.done);
    await restored.until(
      'staff',
      before.done,
      'the money is back',
      ({ payment }) => payment?.status === 'REFUNDED',
    );
    await expectMoney(restored, before.done, {
      status: 'succeeded',
      capturedMinor: price,
      refundedMinor: price,
    });
  });

  it('is not written over what is there, and refused when it is not whole', async () => {
    const full = await ops(['restore', path.join(folder, 'backup')], other.file);
    expect(full).toMatchObject({ code: 1 });
    expect(full.output).toContain('--replace');
    fs.rmSync(path.join(folder, 'backup', 'payments', 'public.refund.jsonl.gz'));
    const half = await ops(['restore', path.join(folder, 'backup'), '--replace'], other.file);
    expect(half).toMatchObject({ code: 1 });
    expect(half.output).toContain('is missing');
  });
});

const unzipped = (file: string): string => gunzipSync(fs.readFileSync(file)).toString('utf8');
