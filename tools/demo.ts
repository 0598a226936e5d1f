// `npm run demo`: plays four stories against the stack that `npm start` runs. Exit code 0 only if every assertion held.
import path from 'node:path';
import { stories } from './demo/stories.js';
import { World } from './demo/world.js';
import { readStackFile } from './stack/stack-file.js';

const file = path.resolve(import.meta.dirname, '../.caregraph/stack.json');

try {
  readStackFile(file);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
const world = new World(() => readStackFile(file));
let failed = 0;
for (const [index, { title, play }] of stories.entries()) {
  console.log(`\n${index + 1}. ${title}`);
  try {
    await play(world, (who, what) => {
      console.log(`   ${who ? `${who}: ` : '   '}${what}`);
    });
    console.log('   as it must be');
  } catch (error) {
    failed += 1;
    console.error('   NOT as it must be:', error);
  }
}
const ahead = Math.round(((await world.now()).getTime() - Date.now()) / 3_600_000);
await world.close();
console.log(`\n${stories.length - failed} of ${stories.length} stories held`);
console.log(`the stack's clock is ${ahead} hours ahead now; remove .caregraph to begin anew`);
process.exitCode = failed > 0 ? 1 : 0;
