/** An RTP packet as anybody on its way sees it: SRTP hides its payload, not its header (RFC 3711, section 3.1). */
export interface RtpPacket {
  payloadType: number;
  /** Set on the first packet after a pause in the sound, and on the last packet of a video frame. */
  marker: boolean;
  sequenceNumber: number;
  /** By the clock of its payload type; all packets of one telephone key have the same. */
  timestamp: number;
  ssrc: number;
  /** Bytes of the header, with its extensions. */
  headerBytes: number;
  /** Bytes of all of it as it went over the wire, with SRTP's authentication tag. */
  bytes: number;
  /** Whether it is padded, as packets are that carry nothing and only try out how much goes through. */
  padding: boolean;
  /** Header extensions by id. https://www.rfc-editor.org/rfc/rfc8285#section-4 */
  extensions: ReadonlyMap<number, Buffer>;
  /** Whether extensions have two-byte headers; null where there are none. */
  twoByteHeaders: boolean | null;
}

/** The first of several RTCP packets that were sent as one; SRTCP hides the rest (RFC 3711, section 3.4). */
export interface RtcpPacket {
  /** `PT`: 200 to 204 for reports, 205 for feedback of the transport, 206 for feedback on a payload. */
  type: number;
  /** `FMT` of feedback: RFC 4585, section 6.1. Of a report, how many sources it has a block about. */
  format: number;
  /** The source of who sent it: of a sender report (200), the stream that it is about. */
  ssrc: number;
}

/** Media begins with 128 to 191 (RFC 7983, section 7); RTCP among it has 192 to 223 as second byte (RFC 5761, section 4). */
const isMedia = (packet: Buffer): boolean =>
  packet.length >= 8 && packet[0] !== undefined && packet[0] >> 6 === 2;
const isRtcp = (packet: Buffer): boolean => packet[1] !== undefined && packet[1] >= 192 && packet[1] <= 223;

export function parseRtcp(packet: Buffer): RtcpPacket | null {
  if (!isMedia(packet) || !isRtcp(packet)) return null;
  return { type: packet.readUInt8(1), format: packet.readUInt8(0) & 0x1f, ssrc: packet.readUInt32BE(4) };
}

/** https://www.rfc-editor.org/rfc/rfc3550#section-5.1 */
export function parseRtp(packet: Buffer): RtpPacket | null {
  if (!isMedia(packet) || isRtcp(packet) || packet.length < 12) return null;
  const first = packet.readUInt8(0);
  const header = {
    payloadType: packet.readUInt8(1) & 0x7f,
    marker: (packet.readUInt8(1) & 0x80) !== 0,
    sequenceNumber: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    padding: (first & 0x20) !== 0,
    bytes: packet.length,
  };
  const at = 12 + (first & 0x0f) * 4;
  if ((first & 0x10) === 0)
    return { ...header, headerBytes: at, extensions: new Map(), twoByteHeaders: null };
  const profile = packet.readUInt16BE(at);
  const headerBytes = at + 4 + packet.readUInt16BE(at + 2) * 4;
  const block = packet.subarray(at + 4, headerBytes);
  const twoByteHeaders = profile >> 4 === 0x100;
  return { ...header, headerBytes, extensions: parseExtensions(block, twoByteHeaders), twoByteHeaders };
}

/** https://www.rfc-editor.org/rfc/rfc8285#section-4.2 and section-4.3 */
function parseExtensions(block: Buffer, twoByteHeaders: boolean): Map<number, Buffer> {
  const extensions = new Map<number, Buffer>();
  for (let at = 0; at < block.length;) {
    const first = block.readUInt8(at);
    if (first === 0) {
      at += 1;
      continue;
    }
    const id = twoByteHeaders ? first : first >> 4;
    const start = at + (twoByteHeaders ? 2 : 1);
    if (id === 15 && !twoByteHeaders) break;
    const length = twoByteHeaders ? block.readUInt8(at + 1) : (first & 0x0f) + 1;
    extensions.set(id, block.subarray(start, start + length));
    at = start + length;
  }
  return extensions;
}
