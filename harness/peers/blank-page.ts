import type { SignalingServer } from '../../fixtures/signaling/server.ts';

/**
 * Serves `/blank`: a page with nothing in it, for fresh windows of a peer page. `?csp=POLICY` sends that
 * Content Security Policy with it.
 */
export function serveBlankPage(server: SignalingServer): void {
  server.route('/blank', (_, response, url) => {
    const policy = url.searchParams.get('csp');
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      ...(policy === null ? {} : { 'content-security-policy': policy }),
    });
    response.end('<!doctype html><html lang="en"><head><title>blank</title></head><body></body></html>\n');
  });
}
