import { runGateway } from './testing/running-gateway.js';

describe('in development', () => {
  it('a browser gets the query page, which may ask this server and nobody else', async () => {
    const gateway = await runGateway({ NODE_ENV: 'development' });
    for (const path of ['/', '/graphql']) {
      const page = await fetch(new URL(path, gateway.url), { headers: { accept: 'text/html,*/*' } });
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
      const html = await page.text();
      expect(html).toContain('"subscriptionsProtocol":"WS"');
      expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)="https?:/);
    }
    const { body } = await gateway.query('{ __schema { queryType { name } } }');
    expect(body.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    await gateway.close();
  });
});
