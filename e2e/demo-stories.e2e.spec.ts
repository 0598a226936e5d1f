// The stories of `npm run demo`, as they are told there: each compares what the parties see with the sandbox's ledger.
import { stories } from '../tools/demo/stories.js';
import type { World } from '../tools/demo/world.js';
import { openWorld } from './support/story.js';

/** What each story shows, in the order of the demo. */
const shown = [
  'an instant booking is confirmed, captured in full and told to both, with no word from the provider (PY-013)',
  'a request holds the money until the provider confirms it; then the money is captured and both are told (BK-058, BK-068, PY-010)',
  'a request that nobody answers expires at its deadline: the hold is voided and both are told (BK-074, PY-011)',
  'a patient who cancels 12 to 24 hours before gets half back (BK-078, PY-014)',
];

describe('the stories of the demo', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  it.each(shown.map((sentence, index) => [sentence, stories[index]] as const))(
    '%s',
    async (_sentence, story) => {
      await story!.play(world, () => undefined);
    },
  );

  it('each story of the demo is told here', () => {
    expect(stories).toHaveLength(shown.length);
  });
});
