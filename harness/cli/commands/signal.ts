import type { Command } from 'commander';
import { commaList, wholeNumber } from '../../config/lists.ts';

interface Flags {
  host: string;
  port: number;
  expose?: boolean;
  allowOrigin?: string[];
}

export function addSignal(program: Command): void {
  program
    .command('signal')
    .description('starts only the signaling fixture, for your own pages')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'which port; 0 for any free one', wholeNumber(0), 0)
    .option('--expose', 'permits a host beyond loopback, with TLS and a self-signed certificate')
    .option('--allow-origin <list>', 'origins of pages that may join, beside its own', commaList)
    .action(async ({ host, port, expose, allowOrigin }: Flags) => {
      const { startSignaling } = await import('../../../fixtures/signaling/server.ts');
      const { enableStandalone } = await import('../../../fixtures/signaling/standalone.ts');
      const server = await startSignaling({
        host,
        port,
        exposed: expose === true,
        ...(allowOrigin ? { allowedOrigins: allowOrigin } : {}),
      });
      enableStandalone(server);
      process.stdout.write(
        `signaling at ${server.origin}\nPOST ${server.origin}/calls makes a call; Ctrl+C ends it\n`,
      );
      await new Promise<void>((resolve) => {
        process.once('SIGINT', resolve);
        process.once('SIGTERM', resolve);
      });
      await server.close();
    });
}
