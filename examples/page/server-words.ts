import { parse } from 'sdp-transform';
import type { types } from 'mediasoup-client';

/** How a server that is played by a plain connection describes itself to mediasoup-client, which takes no SDP. */
export interface ServerWords {
  /** What a transport is made with. */
  transport: types.TransportOptions;
  /** What the server can do, and what a consumer of its picture is made with. */
  capabilities: types.RtpCapabilities;
  picture: types.RtpParameters;
}

const feedback = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }];
const video = { mimeType: 'video/VP8', clockRate: 90_000, parameters: {}, rtcpFeedback: feedback } as const;

/** @param sdp a gathered offer of one bundled transport, its picture as VP8 */
export function serverWords(sdp: string): ServerWords {
  const { media, fingerprint: ofSession } = parse(sdp);
  const [line] = media;
  const fingerprint = line?.fingerprint ?? ofSession;
  if (!line || !fingerprint || line.iceUfrag === undefined || line.icePwd === undefined)
    throw new Error(`no transport is described by ${sdp}`);
  const { payload = 0 } = line.rtp.find(({ codec }) => codec === 'VP8') ?? {};
  const [source] = line.ssrcs ?? [];
  return {
    transport: {
      id: 'transport',
      iceParameters: { usernameFragment: line.iceUfrag, password: line.icePwd },
      iceCandidates: (line.candidates ?? [])
        .filter(({ transport }) => transport.toLowerCase() === 'udp')
        .map(({ foundation, priority, ip, port }) => ({
          foundation,
          priority,
          address: ip,
          ip,
          port,
          protocol: 'udp',
          type: 'host',
        })),
      dtlsParameters: {
        role: 'auto',
        fingerprints: [{ algorithm: 'sha-256', value: fingerprint.hash }],
      },
      sctpParameters: { port: 5000, OS: 1024, MIS: 1024, maxMessageSize: 262_144 },
    },
    capabilities: {
      codecs: [{ ...video, kind: 'video', preferredPayloadType: payload }],
      headerExtensions: [],
    },
    picture: {
      mid: String(line.mid),
      codecs: [{ ...video, payloadType: payload }],
      headerExtensions: [],
      encodings: source ? [{ ssrc: source.id }] : [{}],
      rtcp: { cname: 'server', reducedSize: true },
    },
  };
}

/** A connection's own description, once all its candidates are in it. */
export async function gathered(pc: RTCPeerConnection): Promise<string> {
  while (pc.iceGatheringState !== 'complete' || !pc.localDescription)
    await new Promise((resolve) => pc.addEventListener('icegatheringstatechange', resolve, { once: true }));
  return pc.localDescription.sdp;
}

/**
 * What mediasoup-client says of itself, as the answer to the offer of a server, which has one m-line: its own offer where
 * it sends; without the m-line that it keeps for probing where it receives a picture.
 */
export function answerIn(sdp: string): RTCSessionDescriptionInit {
  const [session = '', line = ''] = sdp.split(/^(?=m=)/m);
  return {
    type: 'answer',
    sdp: [
      session.replace(/^a=group:BUNDLE .*$/m, 'a=group:BUNDLE 0'),
      line.replace('a=setup:actpass', 'a=setup:active').replace(/^a=mid:.*$/m, 'a=mid:0'),
    ].join(''),
  };
}
