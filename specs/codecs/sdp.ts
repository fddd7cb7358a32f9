import { parse, parsePayloads, type SessionDescription } from 'sdp-transform';
import { AssertionError } from 'chai';
import type { NamedCodec } from '../../fixtures/peer-page/codec-match.ts';

export type MediaSection = SessionDescription['media'][number];

/** A codec of an m-line. */
export interface Format extends NamedCodec {
  payloadType: number;
}

/** The first m-line of a kind. */
export function section(sdp: string, kind: string, index = 0): MediaSection {
  const found = parse(sdp).media.filter(({ type }) => type === kind)[index];
  if (!found) throw new AssertionError(`the description has no m=${kind} number ${index}`);
  return found;
}

/** The codecs of an m-line, in its order. https://www.rfc-editor.org/rfc/rfc8866#section-5.14 */
export function formats({ type, payloads, rtp, fmtp }: MediaSection): Format[] {
  return parsePayloads(payloads ?? '').flatMap((payloadType) => {
    const map = rtp.find((entry) => entry.payload === payloadType);
    if (!map) return [];
    const parameters = fmtp.find((entry) => entry.payload === payloadType);
    return [{ payloadType, mimeType: `${type}/${map.codec}`, sdpFmtpLine: parameters?.config ?? null }];
  });
}

/** How a codec is said in a check: its mime type and its parameters. */
export const spell = (codec: NamedCodec | null | undefined): string =>
  codec ? `${codec.mimeType}${codec.sdpFmtpLine ? ` ${codec.sdpFmtpLine}` : ''}` : 'none';
