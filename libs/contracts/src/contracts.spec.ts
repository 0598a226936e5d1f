import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { breakingChanges } from './compatibility.js';
import { catalogue, defineEvent, envelope, Refusal, refusalTypeName } from './index.js';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../events');
const released = (type: string): unknown =>
  JSON.parse(fs.readFileSync(path.join(folder, `${type}.json`), 'utf8'));

describe('the catalogue of events', () => {
  it.each([...catalogue.values()].map((definition) => [definition.type, definition] as const))(
    '%s: its example parses, is keyed, and only gains optional fields over what is checked in',
    (type, definition) => {
      const event = definition.of(definition.example);
      // A feature flag is its own key; everything else has a UUID.
      expect(event.key).toMatch(/^[0-9a-f-]{36}$|^[a-z]+\.[a-z_]+$/);
      expect(event.topic).toBe(`${type.split('.')[0]}.${definition.topic.split('.')[1]}`);
      expect(breakingChanges(released(type), z.toJSONSchema(definition.schema))).toEqual([]);
    },
  );

  it('has no file of an event that is gone', () => {
    const files = fs.readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
    expect(files.sort()).toEqual([...catalogue.keys()].sort());
  });

  it('carries personal data only sealed', () => {
    const personal = /name$|email|phone|mobile|address|reason|notes?$|birth/i;
    const known = new Set(['appointmentTypeName', 'name', 'modeReason', 'reason', 'address']);
    for (const { schema, type } of catalogue.values()) {
      const { properties = {} } = z.toJSONSchema(schema) as {
        properties?: Record<string, { description?: string }>;
      };
      for (const [field, shape] of Object.entries(properties)) {
        if (!personal.test(field) || known.has(field)) continue;
        expect({ type, field, shape: JSON.stringify(shape) }).toMatchObject({
          shape: expect.stringContaining('sealed') as string,
        });
      }
    }
  });
});

describe('defining an event', () => {
  const schema = z.object({ thingId: z.string() });
  const options = {
    noun: 'thing',
    key: 'thingId',
    description: 'A thing.',
    example: { thingId: 'a' },
  } as const;

  it('is refused for a type that is not <app>.<noun>-<past>.v<major>, and for one that exists', () => {
    expect(() => defineEvent('thingChanged', schema, options)).toThrow('is not an event type');
    expect(() => defineEvent('booking.claims-changed.v1', schema, options)).toThrow('defined twice');
  });

  it('puts what happened into a CloudEvents envelope', () => {
    const definition = defineEvent('spec.thing-changed.v1', schema, options);
    const time = new Date('2026-12-01T12:00:00Z');
    expect(envelope(definition.of({ thingId: 'a' }), { id: '1', source: 'spec', time })).toEqual({
      specversion: '1.0',
      id: '1',
      source: '/caregraph/spec',
      type: 'spec.thing-changed.v1',
      subject: 'a',
      time: '2026-12-01T12:00:00.000Z',
      datacontenttype: 'application/json',
      data: { thingId: 'a' },
    });
    expect(() => definition.of({ thingId: 1 } as never)).toThrow();
  });
});

describe('compatibility', () => {
  const v1 = z.object({ id: z.string(), state: z.enum(['A', 'B']), inner: z.object({ n: z.int() }) });
  const changes = (next: z.ZodType): string[] => breakingChanges(z.toJSONSchema(v1), z.toJSONSchema(next));

  it('lets an optional field be added', () => {
    expect(changes(v1.extend({ note: z.string().optional() }))).toEqual([]);
  });
  it.each([
    ['a removed field', v1.omit({ state: true }), '/state was removed'],
    ['a new required field', v1.extend({ note: z.string() }), '/note is required and new'],
    ['a changed type', v1.extend({ id: z.int() }), '/id changed'],
    ['a word taken from an enum', v1.extend({ state: z.enum(['A']) }), '/state changed'],
    ['a field made optional', v1.extend({ id: z.string().optional() }), '/id is no longer required'],
    ['a change further in', v1.extend({ inner: z.object({ n: z.string() }) }), '/inner/n changed'],
  ])('finds %s', (_what, next, finding) => {
    expect(changes(next)).toEqual([finding]);
  });
});

describe('a refusal', () => {
  it('has a code in capitals that names its GraphQL type', () => {
    class SlotGone extends Refusal {
      readonly code = 'SLOT_GONE';
      readonly message = 'Gone.';
    }
    expect(refusalTypeName(new SlotGone().code)).toBe(SlotGone.name);
  });
});
