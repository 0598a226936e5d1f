// I10 (C12): no answer of the run showed anybody what is another's: neither an appointment's id nor what its patient
// wrote, which names who may read it.
import type { Evidence } from '../evidence.js';
import type { Line } from '../history.js';
import { maySee, type Parties } from '../people.js';
import type { Invariant } from './invariant.js';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const canary = new RegExp(`canary-[^/"]*/(${uuid})/(${uuid})/(${uuid})/end`, 'g');
const anyId = new RegExp(uuid, 'g');

export const isolation: Invariant = {
  id: 'I10',
  rule: "no answer shows anybody another patient's or practice's data",
  violations: ({ appointments }: Evidence, history: readonly Line[]) => {
    const known = new Map<string, Parties>(appointments.map((one) => [one.id, one]));
    return history.flatMap((line) => {
      if (line.kind === 'struck' || line.answer === undefined) return [];
      const { login, answer } = line;
      const what =
        line.kind === 'try' ? `${line.act} (request ${line.request})` : `subscription ${line.subscription}`;
      const ids = [...new Set(answer.match(anyId))]
        .filter((id) => known.has(id) && !maySee(login, known.get(id) as Parties))
        .map((id) => `${login ?? 'a visitor'} was shown appointment ${id} by ${what}`);
      const words = [...answer.matchAll(canary)]
        .filter(
          ([, practiceId = '', patientId = '', providerId = '']) =>
            !maySee(login, { practiceId, patientId, providerId }),
        )
        .map(([text]) => `${login ?? 'a visitor'} read ${text} in ${what}`);
      return [...ids, ...new Set(words)];
    });
  },
};
