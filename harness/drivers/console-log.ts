import { ConsoleLines } from '../console-lines.ts';

/** What a driver heard of one page's console. */
export class ConsoleLog extends ConsoleLines<string> {
  constructor() {
    super('warning');
  }
}
