import 'reflect-metadata';
import { graphql, printType } from 'graphql';
import { Arg, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { buildSubgraph, DomainError, refusalType, resultUnion, type OutcomeOf } from './index.js';

/** The domain's own classes: they know nothing of GraphQL. */
class Note {
  constructor(
    readonly id: string,
    readonly secret = 'canary',
  ) {}
}
class NoteNotFound extends Refusal {
  readonly code = 'NOTE_NOT_FOUND';
  readonly message = 'There is no such note.';
}
class NoteTooLong extends Refusal {
  readonly code = 'NOTE_TOO_LONG';
  readonly message = 'The note is too long.';
  readonly mostCharacters = 500;
}
class NoteLocked extends Refusal {
  readonly code = 'NOTE_LOCKED';
  readonly message = 'The note is locked.';
}
refusalType(NoteNotFound, 'Returned when there is no such note.');
refusalType(NoteTooLong, 'Returned when the note is too long.', {
  mostCharacters: { type: () => Int, description: 'How many there may be.' },
});
refusalType(NoteLocked, 'Returned when the note is locked.');

/** Called otherwise in GraphQL than its class, with or without `Object`. */
@ObjectType('Memo')
class NoteObject {
  @Field(() => ID)
  id!: string;
}

const ChangeNoteResult = resultUnion<Note>()('ChangeNoteResult', NoteObject, [NoteNotFound, NoteTooLong]);
type Outcome = OutcomeOf<typeof ChangeNoteResult>;

@Resolver()
class NoteResolver {
  @Query(() => DomainError, { nullable: true })
  lastRefusal(): Refusal {
    return new NoteTooLong();
  }

  @Mutation(() => ChangeNoteResult.type)
  changeNote(@Arg('text', () => String) text: string): Outcome {
    if (text === '') return new NoteNotFound();
    return text.length > 500 ? new NoteTooLong() : new Note('n1');
  }
}

/**
 * Compiled and never run: the compiler holds what a use case answers against what the schema shows. Were one of these
 * lines to compile, `tsc` would say that its directive is unused.
 */
export function refusalsThatDoNotCompile(): unknown[] {
  const locked = (): Note | NoteNotFound | NoteLocked => new NoteLocked();
  const whole = (): Note | NoteNotFound | NoteTooLong => new Note('n1');
  // @ts-expect-error -- The use case may answer NoteLocked, and the union does not show it.
  const missing: Outcome = locked();
  // @ts-expect-error -- The same in a promise, as a resolver returns it.
  const promised: Promise<Outcome> = Promise.resolve(locked());
  // @ts-expect-error -- A union without refusals could not be selected with `... on DomainError`.
  const empty = resultUnion<Note>()('EmptyResult', NoteObject, []);
  // @ts-expect-error -- What is no Refusal is no refusal's type.
  const foreign = resultUnion<Note>()('ForeignResult', NoteObject, [Note]);
  // @ts-expect-error -- Only refusals are shown as refusals.
  refusalType(Note, 'Returned when …');
  const complete: Outcome = whole();
  return [missing, promised, empty, foreign, complete];
}

describe('the result of a mutation', () => {
  const built = buildSubgraph({ resolvers: [NoteResolver], entities: {} });
  const change = async (text: string): Promise<unknown> => {
    const { schema } = await built;
    const { data, errors } = await graphql({
      schema,
      source: `mutation ($text: String!) { changeNote(text: $text) {
        __typename ... on Memo { id } ... on NoteTooLong { mostCharacters } ... on DomainError { code message } } }`,
      variableValues: { text },
      contextValue: {},
    });
    expect(errors).toBeUndefined();
    return data?.changeNote;
  };

  it('shows the domain’s own class by the type that is made for it', async () => {
    expect(await change('short')).toEqual({ __typename: 'Memo', id: 'n1' });
  });

  it('tells a refusal by its code, with its own fields', async () => {
    expect(await change('')).toEqual({
      __typename: 'NoteNotFound',
      code: 'NOTE_NOT_FOUND',
      message: 'There is no such note.',
    });
    expect(await change('x'.repeat(501))).toMatchObject({ __typename: 'NoteTooLong', mostCharacters: 500 });
  });

  it('lists the entity and exactly the refusals that were named', async () => {
    const { schema } = await built;
    expect(printType(schema.getType('ChangeNoteResult')!)).toBe(
      'union ChangeNoteResult = Memo | NoteNotFound | NoteTooLong',
    );
    expect(schema.getType('NoteLocked')).toBeUndefined();
  });

  it('shows each refusal as a DomainError with a description', async () => {
    const { schema } = await built;
    const shown = printType(schema.getType('NoteTooLong')!);
    expect(shown).toContain('type NoteTooLong implements DomainError');
    expect(shown).toMatch(/code: String![^]*message: String![^]*mostCharacters: Int!/);
    expect(schema.getType('NoteTooLong')?.description).toBe('Returned when the note is too long.');
  });

  it('is told by its code also where only the interface is known', async () => {
    const { schema } = await built;
    const { data } = await graphql({
      schema,
      source: '{ lastRefusal { __typename code } }',
      contextValue: {},
    });
    expect(data).toEqual({ lastRefusal: { __typename: 'NoteTooLong', code: 'NOTE_TOO_LONG' } });
  });
});
