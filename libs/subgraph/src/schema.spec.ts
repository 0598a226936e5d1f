import 'reflect-metadata';
import { graphql } from 'graphql';
import { Directive, Field, ID, ObjectType, Query, Resolver, type ClassType } from 'type-graphql';
import { buildSubgraph, type LoadReferences, type RequestDeps } from './index.js';

@Directive('@key(fields: "id")')
@ObjectType('Note', { description: 'A note.' })
class NoteObject {
  @Field(() => ID)
  id!: string;

  @Field(() => Date, { nullable: true })
  writtenAt!: Date | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Author')
class AuthorStub {
  @Field(() => ID)
  id!: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Shelf')
class ShelfReference {
  @Field(() => ID)
  id!: string;
}

@Resolver()
class NoteQueries {
  @Query(() => NoteObject, { nullable: true })
  note(): null {
    return null;
  }

  @Query(() => ShelfReference, { nullable: true })
  shelf(): null {
    return null;
  }
}

const nothing: LoadReferences<RequestDeps> = (_deps, ids) => Promise.resolve(ids.map(() => null));
const parts = (entities: Record<string, LoadReferences<RequestDeps>>, orphanedTypes: ClassType[] = []) =>
  buildSubgraph({ resolvers: [NoteQueries], entities, orphanedTypes });

describe('a subgraph', () => {
  it('is not built with an entity that nobody loads: its key would be echoed, and its fields shown to anybody', async () => {
    await expect(parts({})).rejects.toThrow('Entities without a reference loader: Note.');
    await expect(parts({ Note: nothing }, [AuthorStub])).rejects.toThrow(
      'without a reference loader: Author.',
    );
  });

  it('is not built with an entity that is named, and left out of the schema', async () => {
    await expect(parts({ Note: nothing, Author: nothing })).rejects.toThrow(
      'Entities named but absent from the schema: Author.',
    );
  });

  it('needs no loader for a mere reference', async () => {
    const { sdl } = await parts({ Note: nothing });
    expect(sdl).toContain('type Shelf @key(fields: "id", resolvable: false)');
    await expect(parts({ Note: nothing, Shelf: nothing })).rejects.toThrow('absent from the schema: Shelf.');
  });

  it('says which federation it speaks, and keeps directives and descriptions', async () => {
    const { sdl } = await parts({ Note: nothing, Author: nothing }, [AuthorStub]);
    expect(sdl).toMatch(/^extend schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\./);
    expect(sdl).toContain('"""A note."""\ntype Note @key(fields: "id")');
    expect(sdl).toContain('writtenAt: DateTime');
    expect(sdl).toContain('type Author @key(fields: "id")');
  });
});

describe('references to entities', () => {
  const loads: (readonly string[])[] = [];
  const notes: LoadReferences<RequestDeps> = (_deps, ids) => {
    loads.push(ids);
    if (ids.includes('broken')) return Promise.reject(new Error('The database is gone.'));
    return Promise.resolve(
      ids.map((id) =>
        id.startsWith('seen') ? { id, writtenAt: new Date('2026-11-21T09:10:00.123Z') } : null,
      ),
    );
  };
  const authors: LoadReferences<RequestDeps> = (_deps, ids) => {
    loads.push(ids);
    return Promise.resolve(ids.map((id) => (id === 'seen-author' ? { id } : null)));
  };
  const built = parts({ Note: notes, Author: authors }, [AuthorStub]);
  const ask = async (of: object[], contextValue: object = {}) => {
    const { schema } = await built;
    return graphql({
      schema,
      source: `query ($of: [_Any!]!) { _entities(representations: $of) {
        __typename ... on Note { id writtenAt } ... on Author { id } } }`,
      variableValues: { of },
      contextValue,
    });
  };
  const note = (id: string): object => ({ __typename: 'Note', id });
  beforeEach(() => loads.splice(0));

  it('that are asked for together are loaded in one go, each id once', async () => {
    const { data } = await ask([note('seen-1'), note('seen-2'), note('unseen'), note('seen-1')]);
    expect(loads).toEqual([['seen-1', 'seen-2', 'unseen']]);
    const writtenAt = new Date('2026-11-21T09:10:00.123Z');
    expect(data?._entities).toEqual([
      { __typename: 'Note', id: 'seen-1', writtenAt },
      { __typename: 'Note', id: 'seen-2', writtenAt },
      null,
      { __typename: 'Note', id: 'seen-1', writtenAt },
    ]);
  });

  it('of several types are loaded in one go for each', async () => {
    await ask([note('seen-1'), { __typename: 'Author', id: 'a' }, note('seen-2')]);
    expect(loads.map((ids) => ids.join()).sort()).toEqual(['a', 'seen-1,seen-2']);
  });

  it('are not remembered for the next request', async () => {
    const first = {};
    await ask([note('seen-1')], first);
    await ask([note('seen-1')], first);
    await ask([note('seen-1')], {});
    expect(loads).toHaveLength(2);
  });

  it('that the viewer may not see are null, and the key is not echoed', async () => {
    const { data, errors } = await ask([note('unseen'), { __typename: 'Author', id: 'unseen' }]);
    expect(errors).toBeUndefined();
    expect(data?._entities).toEqual([null, null]);
  });

  it('that cannot be loaded are an error each, and no answer', async () => {
    const { data, errors } = await ask([note('broken'), { __typename: 'Author', id: 'seen-author' }]);
    expect(data?._entities).toEqual([null, { __typename: 'Author', id: 'seen-author' }]);
    expect(errors).toHaveLength(1);
  });

  it('to a type that is only referred to are null', async () => {
    const { data } = await ask([{ __typename: 'Shelf', id: 'any' }]);
    expect(data?._entities).toEqual([null]);
  });
});
