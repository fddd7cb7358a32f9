import { connect } from 'node:net';
import { join } from 'node:path';
import { LaunchError } from '../errors.ts';
import { until } from './deadline.ts';
import { findOnPath } from './executables.ts';
import { startHelper } from './helper-process.ts';
import { SharedHelper } from './shared-helper.ts';
import { socketAnswers } from './socket-answers.ts';

/**
 * Where a client finds the audio server: https://www.freedesktop.org/wiki/Software/PulseAudio/Documentation/User/ServerStrings/
 * PipeWire listens at the same place.
 */
function serverSockets(): string[] {
  const server = process.env['PULSE_SERVER'];
  if (server !== undefined && server !== '') {
    return server.split(/\s+/).map((address) => address.replace(/^\{.*?\}/, '').replace(/^unix:/, ''));
  }
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return runtime === undefined || runtime === '' ? [] : [join(runtime, 'pulse', 'native')];
}

const accepts = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const answer = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(500, () => answer(false));
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });

/** A client that introduces itself: `PA_COMMAND_AUTH` of protocol 13, with an empty cookie. */
function introduction(): Uint8Array {
  const cookie = 256;
  const packet = Buffer.alloc(20 + 20 + cookie);
  packet.writeUInt32BE(20 + cookie, 0);
  packet.writeUInt32BE(0xff_ff_ff_ff, 4);
  for (const [index, value] of [8, 0, 13].entries()) {
    packet.write('L', 20 + index * 5, 'latin1');
    packet.writeUInt32BE(value, 21 + index * 5);
  }
  packet.write('x', 35, 'latin1');
  packet.writeUInt32BE(cookie, 36);
  return packet;
}

/** Whether Web Audio has an audio server to run on. Only Linux can lack it. An address on the network is trusted to be one. */
export async function hasAudioServer(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const reachable = await Promise.all(
    serverSockets().map((address) => (address.startsWith('/') ? accepts(address) : Promise.resolve(true))),
  );
  return reachable.includes(true);
}

/** A private audio server with one silent device: without one, an AudioContext of Firefox stays suspended forever. */
export const pulseaudio = new SharedHelper(async () => {
  const command = await findOnPath(['pulseaudio']);
  if (command === undefined) {
    throw new LaunchError(
      'no-audio-server',
      'No audio server runs and PulseAudio is not installed. ' +
        'Install it with `apt-get install pulseaudio` or `npx webrtc-interop install firefox`.',
    );
  }
  return startHelper({
    name: 'PulseAudio',
    command,
    args: (directory) => [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--use-pid-file=no',
      // Else it renders two seconds of silence ahead: sound begins only after them, and until then Firefox shows no picture.
      '--load=module-null-sink norewinds=1',
      `--load=module-native-protocol-unix socket=${join(directory, 'native')} auth-anonymous=1`,
    ],
    env: (directory) => ({ HOME: directory, XDG_RUNTIME_DIR: directory, XDG_CONFIG_HOME: directory }),
    ready: async ({ directory }) => {
      const socket = join(directory, 'native');
      await until(() => accepts(socket), { ms: 10_000 });
      return { PULSE_SERVER: `unix:${socket}` };
    },
    answers: ({ PULSE_SERVER = '' }) => socketAnswers(PULSE_SERVER.replace(/^unix:/, ''), introduction()),
  });
});
