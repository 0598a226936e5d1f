// `npm run ops -- trace`: what one request set off, in each app. The local stack keeps the last spans itself.
import { connectStack } from '../stack/client.js';
import { traceLines } from '../stack/trace-text.js';
import { stackFile } from './support/stack.js';

export const usage = `
trace <id>  what a request set off: its trace's id is its request id, or \`traceId\` beside it`;

export async function run([traceId = '']: readonly string[]): Promise<number> {
  if (!/^[0-9a-f]{32}$/.test(traceId)) return 2;
  const spans = await connectStack(stackFile()).spans(traceId);
  if (spans.length === 0) {
    console.log(
      'No span of this trace is kept: it is older than the last 20,000 spans, or not a second old.',
    );
    return 1;
  }
  console.log(traceLines(spans).join('\n'));
  return 0;
}
