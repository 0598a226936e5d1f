// JSON logs through pino, with an allow-list: what is not listed is dropped, so that no contact detail, body or
// reason for a visit can reach a log by accident.
import { pino, type LogFn, type Logger as PinoLogger } from 'pino';
import { describeError, withoutContacts } from './log-errors.js';
import { currentTraceId } from './trace.js';

export type Logger = PinoLogger;

/** The only fields that a log line may carry. Values must be scalars; anything deeper is dropped too. */
export const allowedFields = new Set([
  'app', 'appointmentId', 'attempt', 'attempts', 'channel', 'code', 'consumer', 'count', 'deadLetterId', 'durationMs',
  'elapsedMs', 'event', 'eventId', 'eventType', 'fromStatus', 'group', 'holdId', 'jobId', 'jobName', 'key', 'method',
  'notificationId', 'offset', 'offsetMs', 'operation', 'partition', 'patientId', 'paymentId', 'pid', 'port',
  'practiceId', 'providerId', 'queue', 'reason', 'requestId', 'route', 'signal', 'status', 'statusCode', 'subgraph',
  'toStatus', 'topic', 'traceId', 'url', 'vendor', 'version',
]); // prettier-ignore

const keep = (fields: Record<string, unknown>): Record<string, unknown> => {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'err') kept.err = describeError(value);
    else if (allowedFields.has(name) && (value === null || typeof value !== 'object'))
      kept[name] = typeof value === 'string' ? withoutContacts(value) : value;
  }
  return kept;
};

/** A logger for one app. `level` is pino's: trace, debug, info, warn, error, fatal, silent. */
export function createLogger(
  app: string,
  level = 'info',
  destination?: { write(line: string): void },
): Logger {
  const options = {
    level,
    base: { app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: keep, level: (label: string) => ({ level: label }) },
    mixin: ofTrace,
    serializers: { err: (value: unknown) => value },
    hooks: { logMethod: writeSafely },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** A line that is written for a request, an event or a job leads to its trace. */
function ofTrace(): { traceId?: string } {
  const traceId = currentTraceId();
  return traceId === undefined ? {} : { traceId };
}

/** Libraries log errors and texts of their own; pino would make an error's message the line's. */
function writeSafely(this: PinoLogger, args: Parameters<LogFn>, write: LogFn): void {
  const [first, ...rest] = args as unknown[];
  const fields = first instanceof Error ? { err: first } : first;
  const texts = rest.map((text) => (typeof text === 'string' ? withoutContacts(text) : text));
  if (typeof fields === 'string') write.apply(this, [withoutContacts(fields), ...texts] as Parameters<LogFn>);
  else write.apply(this, [fields, ...(texts.length > 0 ? texts : ['failed'])] as Parameters<LogFn>);
}
