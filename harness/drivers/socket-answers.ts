import { connect } from 'node:net';

/**
 * Whether the server at a socket of this machine answers a greeting, whatever it says. Stays pending if it neither answers
 * nor hangs up: a process that is stopped still takes connections.
 */
export const socketAnswers = (path: string, greeting: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => void socket.write(greeting));
    const answer = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.unref();
    socket.once('data', () => answer(true));
    socket.once('error', () => answer(false)).once('close', () => answer(false));
  });
