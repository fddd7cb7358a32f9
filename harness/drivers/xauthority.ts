import { randomBytes } from 'node:crypto';

const protocolName = 'MIT-MAGIC-COOKIE-1';
/** `FamilyWild`: the entry applies to every address, and with an empty display to every display. */
const anyAddress = 0xff_ff;

/** An Xauthority file with one new cookie for every display: https://www.x.org/releases/current/doc/man/man3/Xau.3.xhtml */
export function newCookie(): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16BE(anyAddress);
  return Buffer.concat([family, ...['', '', protocolName, randomBytes(16)].map(counted)]);
}

/** A field, with its length in two bytes before it. */
function counted(field: string | Buffer): Buffer {
  const bytes = Buffer.from(field);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
