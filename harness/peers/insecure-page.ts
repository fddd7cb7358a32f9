import type { SignalingServer } from '../../fixtures/signaling/server.ts';

/** Tells its parent which of some paths of properties it has, and whether it is a secure context. */
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>no secure context</title>
    <script>
      const has = (path) => {
        let holder = globalThis;
        return path.split('.').every((key) => {
          if (holder === null || !['object', 'function'].includes(typeof holder) || !(key in holder)) return false;
          const { value } = Object.getOwnPropertyDescriptor(holder, key) ?? {};
          holder = value;
          return true;
        });
      };
      addEventListener('message', ({ data }) =>
        parent.postMessage({ secure: isSecureContext, has: data.filter(has) }, '*'),
      );
      parent.postMessage('ready', '*');
    </script>
  </head>
  <body></body>
</html>
`;

/** Serves `/insecure`, for a frame whose address browsers do not trust. */
export function serveInsecurePage(server: SignalingServer): void {
  server.route('/insecure', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    response.end(page);
  });
}
