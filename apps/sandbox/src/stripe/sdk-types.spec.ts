import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { startTestBed } from '../test-bed.js';
import { everythingSaid, eventTypeName, objectTypeName } from './everything-said.js';

/** What the compiler has to say about things declared to be of types of the SDK. */
function complaints(things: readonly { type: string; value: unknown }[]): string[] {
  const file = fileURLToPath(new URL('said.ts', import.meta.url));
  const declarations = things.map(
    ({ type, value }, index) => `export const said${index}: Stripe.${type} = ${JSON.stringify(value)};`,
  );
  const text = `import type { Stripe } from 'stripe';\n${declarations.join('\n')}`;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version) : read(name, version);
  const program = ts.createProgram([file], options, host);
  return program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ messageText, start = 0 }) => {
    const line = text.slice(0, start).split('\n').length - 2;
    return `${things[line]?.type ?? 'import'}: ${ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 300)}`;
  });
}

describe('what the sandbox says as Stripe', () => {
  it('is of the types that the SDK declares, in answers and in events', async () => {
    const bed = await startTestBed();
    try {
      const { objects, events } = await everythingSaid(bed);
      const things = [
        ...objects.map((value) => ({ type: objectTypeName(value), value })),
        ...events.map((value) => ({ type: eventTypeName(value.type), value })),
      ];
      // One that is wrong on purpose, so that a compiler that looks at nothing is found out.
      const wrong = { type: 'Refund', value: { object: 'refund' } };
      expect(complaints([...things, wrong])).toEqual([expect.stringMatching(/^Refund: .*missing/)]);
      expect(new Set(events.map(({ type }) => type))).toEqual(
        new Set([
          'charge.captured',
          'charge.expired',
          'charge.failed',
          'charge.refund.updated',
          'charge.refunded',
          'charge.succeeded',
          'customer.created',
          'payment_intent.amount_capturable_updated',
          'payment_intent.canceled',
          'payment_intent.created',
          'payment_intent.payment_failed',
          'payment_intent.requires_action',
          'payment_intent.succeeded',
          'payment_method.attached',
          'refund.created',
          'refund.failed',
          'refund.updated',
        ]),
      );
    } finally {
      await bed.close();
    }
  });
});
