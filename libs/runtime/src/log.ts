// JSON logs through pino, with an allow-list: what is not listed is dropped, so that no contact detail, body or
// reason for a visit can reach a log by accident.
import { pino, stdSerializers, type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

/** The only fields that a log line may carry. Values must be scalars; anything deeper is dropped too. */
export const allowedFields = new Set([
  'app', 'appointmentId', 'attempt', 'attempts', 'channel', 'code', 'consumer', 'count', 'deadLetterId', 'durationMs',
  'elapsedMs', 'event', 'eventId', 'eventType', 'fromStatus', 'group', 'holdId', 'jobId', 'jobName', 'key', 'method',
  'notificationId', 'offset', 'offsetMs', 'operation', 'partition', 'patientId', 'paymentId', 'pid', 'port',
  'practiceId', 'providerId', 'queue', 'reason', 'requestId', 'route', 'signal', 'status', 'statusCode', 'subgraph',
  'toStatus', 'topic', 'url', 'vendor', 'version',
]); // prettier-ignore

const keep = (fields: Record<string, unknown>): Record<string, unknown> => {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'err') kept.err = describeError(value);
    else if (allowedFields.has(name) && (value === null || typeof value !== 'object')) kept[name] = value;
  }
  return kept;
};

/** Type, code and stack of an error, never its further properties: a vendor's error carries whole requests. */
function describeError(value: unknown): unknown {
  if (!(value instanceof Error)) return String(value);
  const { type, message, stack } = stdSerializers.err(value);
  const code = (value as { code?: unknown }).code;
  return { type, message, stack, ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}) };
}

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
    serializers: { err: (value: unknown) => value },
  };
  return destination ? pino(options, destination) : pino(options);
}
