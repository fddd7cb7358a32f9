import { parse, parsePayloads, type SessionDescription } from 'sdp-transform';
import { AssertionError } from 'chai';
import { selectorOf, type NamedCodec } from '../../fixtures/peer-page/codec-match.ts';

export type MediaSection = SessionDescription['media'][number];

/** A codec of an m-line. */
export interface Format extends NamedCodec {
  payloadType: number;
}

/** The m-line of a kind at an index, the first one by default. */
export function section(sdp: string, kind: string, index = 0): MediaSection {
  const found = parse(sdp).media.filter(({ type }) => type === kind)[index];
  if (!found) throw new AssertionError(`the description has no m=${kind} number ${index}`);
  return found;
}

/** Every m-line, in order. */
export const sections = (sdp: string): MediaSection[] => parse(sdp).media;

/** The codecs of an m-line, in its order. https://www.rfc-editor.org/rfc/rfc8866#section-5.14 */
export function formats({ type, payloads, rtp, fmtp }: MediaSection): Format[] {
  return parsePayloads(payloads ?? '').flatMap((payloadType) => {
    const map = rtp.find((entry) => entry.payload === payloadType);
    if (!map) return [];
    const parameters = fmtp.find((entry) => entry.payload === payloadType);
    return [{ payloadType, mimeType: `${type}/${map.codec}`, sdpFmtpLine: parameters?.config ?? null }];
  });
}

/** The payload types of an m-line whose codecs have one of some names, e.g. `rtx`. */
export const payloadTypes = (media: MediaSection, ...names: string[]): number[] =>
  formats(media)
    .filter(({ mimeType }) => names.includes(mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase()))
    .map(({ payloadType }) => payloadType);

/** The feedback that an m-line has for a payload type, e.g. `nack pli`. https://www.rfc-editor.org/rfc/rfc4585#section-4.2 */
export const feedbackOf = ({ rtcpFb = [] }: MediaSection, payloadType: number): string[] =>
  rtcpFb
    .filter(({ payload }) => ['*', String(payloadType)].includes(String(payload)))
    .map(({ type, subtype }) => (subtype ? `${type} ${subtype}` : type));

/** The ids of an m-line's header extensions by their URIs. https://www.rfc-editor.org/rfc/rfc8285#section-5 */
export const extensionIds = ({ ext = [] }: MediaSection): Record<string, number> =>
  Object.fromEntries(ext.map(({ uri, value }) => [uri, value]));

/** How a check names a codec: by its mime type and its parameters. */
export const spell = (codec: NamedCodec | null | undefined): string =>
  codec ? `${codec.mimeType}${codec.sdpFmtpLine ? ` ${codec.sdpFmtpLine}` : ''}` : 'none';

/**
 * Payload types that stand for two codecs in the m-lines of one transport, in words: `96 is video/VP8 and video/VP9`.
 * https://www.rfc-editor.org/rfc/rfc9143#section-9.1
 */
export function collisions(sdp: string): string {
  const meant = new Map<number, Set<string>>();
  for (const format of parse(sdp).media.flatMap(formats)) {
    const codecs = meant.get(format.payloadType) ?? new Set();
    meant.set(format.payloadType, codecs.add(selectorOf(format)));
  }
  return [...meant]
    .filter(([, codecs]) => codecs.size > 1)
    .map(([payloadType, codecs]) => `${payloadType} is ${[...codecs].join(' and ')}`)
    .join(', ');
}
