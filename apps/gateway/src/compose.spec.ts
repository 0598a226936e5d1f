import { composeSupergraph } from './compose.js';

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@shareable"])';

describe('composing the supergraph', () => {
  it('the result does not depend on the order of the subgraphs', () => {
    const one = { name: 'one', sdl: `${federation} type Query { one: String }` };
    const two = { name: 'two', sdl: `${federation} type Query { two: String }` };
    expect(composeSupergraph([one, two])).toBe(composeSupergraph([two, one]));
  });

  it('subgraphs that contradict each other are refused', () => {
    const one = { name: 'one', sdl: `${federation} type Query { same: String }` };
    const two = { name: 'two', sdl: `${federation} type Query { same: String }` };
    expect(() => composeSupergraph([one, two])).toThrow('The subgraphs do not compose');
  });

  it('a mere hint is refused too', () => {
    const one = { name: 'one', sdl: `${federation} "The root." type Query { one: String }` };
    const two = { name: 'two', sdl: `${federation} "Another text." type Query { two: String }` };
    expect(() => composeSupergraph([one, two])).toThrow('INCONSISTENT_DESCRIPTION');
  });
});
