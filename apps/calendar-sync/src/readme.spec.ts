import { readFileSync } from 'node:fs';
import { catalogue } from '@caregraph/contracts';
import * as calendarEvent from './calendar-event/lifecycle.js';
import * as connection from './calendar-connection/lifecycle.js';
import { consumers } from './consumers.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe("calendar-sync's README", () => {
  it('shows the lifecycles as the tables have them', () => {
    const diagrams = [...readme.matchAll(/```mermaid\n(.*?)\n```/gs)].map(([, diagram]) => diagram);
    expect(diagrams).toEqual([connection.lifecycleDiagram(), calendarEvent.lifecycleDiagram()]);
  });

  it('names every event that is consumed, and only events that exist', () => {
    const named = [...readme.matchAll(/`((?:booking|scheduling|calendar-sync)\.[a-z-]+\.v\d)`/g)].map(
      ([, type]) => type ?? '',
    );
    expect(named.filter((type) => !catalogue.has(type))).toEqual([]);
    const foreign = named.filter((type) => !type.startsWith('calendar-sync.'));
    expect([...new Set(foreign)].sort()).toEqual(consumers.map(({ type }) => type).sort());
  });
});
