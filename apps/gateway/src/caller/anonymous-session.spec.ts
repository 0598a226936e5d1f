import { anonymousSessions } from './anonymous-session.js';

const key = (kid: string): { kid: string; secret: string } => ({
  kid,
  secret: `${kid}-secret-of-at-least-32-characters`,
});

describe('anonymous sessions', () => {
  it('a caller without a session is issued one, and is known by it from then on', () => {
    const sessions = anonymousSessions([key('s1')]);
    const { sid, issued } = sessions(undefined);
    expect(sessions(issued ?? '')).toEqual({ sid, issued: null });
  });

  it('a session of a key that is being replaced keeps its id, is signed anew, and outlives the old key', () => {
    const old = anonymousSessions([key('s1')])(undefined);
    const carried = anonymousSessions([key('s2'), key('s1')])(old.issued ?? '');
    expect(carried).toEqual({ sid: old.sid, issued: expect.stringMatching(/\.s2\./) as string });
    expect(anonymousSessions([key('s2')])(carried.issued ?? '')).toEqual({ sid: old.sid, issued: null });
  });

  it.each([
    ['made up', 'AAAAAAAAAAAAAAAAAAAAAA.s1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['of an unknown key', 'AAAAAAAAAAAAAAAAAAAAAA.s9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['not in the form of one', 'me'],
  ])('a session that is %s is replaced', (_kind, presented) => {
    const { sid, issued } = anonymousSessions([key('s1')])(presented);
    expect(issued).not.toBeNull();
    expect(presented).not.toContain(sid);
  });
});
