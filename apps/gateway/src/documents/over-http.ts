// The document of a request over HTTP: from the body of a POST, from the address of a GET.
import type { FastifyRequest } from 'fastify';
import type { Viewer } from '@caregraph/runtime';
import type { AskedDocument, Asking, Documents } from './documents.js';

/** Throws what `Documents.asked` throws. What is malformed is Apollo Server's to refuse. */
export const askedOverHttp = (
  documents: Documents,
  request: Pick<FastifyRequest, 'method' | 'body' | 'url'>,
  viewer: Viewer,
): AskedDocument | undefined =>
  documents.asked(
    request.method === 'GET' ? inAddress(request.url) : (Object(request.body) as Asking),
    viewer,
  );

function inAddress(url: string): Asking {
  // As Apollo Server reads it: with another reader one text could be looked at and another one run.
  const { searchParams } = new URL(url, 'http://gateway');
  const one = (name: string): string | undefined => searchParams.get(name) ?? undefined;
  return { query: one('query'), documentId: one('documentId'), extensions: parsed(one('extensions')) };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
