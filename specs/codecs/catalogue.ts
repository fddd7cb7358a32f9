import type { ScenarioDeclaration } from '../../harness/matrix/scenario.ts';

/** A codec configuration that scenarios ask about. Browsers are asked for it through `codec`, a selector for `isCodec`. */
export interface Configuration {
  /** The last part of its scenarios' ids. */
  readonly id: string;
  readonly title: string;
  readonly codec: string;
  readonly level: ScenarioDeclaration['level'];
  readonly specs: readonly string[];
  /** Whether the scenarios under `alone` ask about it: one of each family is enough. */
  readonly alone?: boolean;
}

const vp9 = (profile: number) =>
  ({
    id: `vp9-profile-${profile}`,
    title: `VP9, profile ${profile}`,
    codec: `video/VP9;profile-id=${profile}`,
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc9628#section-6.1'],
    alone: profile === 0 || profile === 2,
  }) as const satisfies Configuration;

const av1 = (profile: number) =>
  ({
    id: `av1-profile-${profile}`,
    title: `AV1, profile ${profile}`,
    codec: `video/AV1;profile=${profile}`,
    level: 'should',
    specs: ['https://aomediacodec.github.io/av1-rtp-spec/#72-sdp-parameters'],
    alone: profile === 0,
  }) as const satisfies Configuration;

/** Every profile of RFC 6184, section 8.1, that some browser is known to claim, at level 3.1. */
const h264Profiles = [
  { profileLevelId: '42001f', name: 'Baseline', level: 'should' },
  { profileLevelId: '42e01f', name: 'Constrained Baseline', level: 'must' },
  { profileLevelId: '4d001f', name: 'Main', level: 'should' },
  { profileLevelId: '64001f', name: 'High', level: 'should' },
  { profileLevelId: '640c1f', name: 'Constrained High', level: 'should' },
  { profileLevelId: 'f4001f', name: 'High 4:4:4 Predictive', level: 'should' },
] as const;

const h264 = ({ profileLevelId, name, level }: (typeof h264Profiles)[number], mode: 0 | 1) =>
  ({
    id: `h264-${profileLevelId}-pm${mode}`,
    title: `H.264 ${name}, packetization mode ${mode}`,
    codec: `video/H264;packetization-mode=${mode};profile-level-id=${profileLevelId}`,
    level,
    specs: [
      'https://www.rfc-editor.org/rfc/rfc6184#section-8.1',
      'https://www.rfc-editor.org/rfc/rfc7742#section-6.2',
    ],
    alone: profileLevelId === '42e01f',
  }) as const satisfies Configuration;

const h265 = (profile: number, name: string) =>
  ({
    id: `h265-profile-${profile}`,
    title: `H.265 ${name}`,
    codec: `video/H265;profile-id=${profile}`,
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc7798#section-7.1'],
    alone: profile === 1,
  }) as const satisfies Configuration;

/** Every video codec configuration that browsers are known to claim. */
export const videoConfigurations: readonly Configuration[] = [
  {
    id: 'vp8',
    title: 'VP8',
    codec: 'video/VP8',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc7742#section-5', 'https://www.rfc-editor.org/rfc/rfc7741'],
    alone: true,
  },
  ...[0, 1, 2, 3].map(vp9),
  ...[0, 1].map(av1),
  ...h264Profiles.flatMap((profile) => [h264(profile, 1), h264(profile, 0)]),
  h265(1, 'Main'),
  h265(2, 'Main 10'),
];

/** Codecs that are known to have scalability modes, as the scenarios under `scalability` ask about them. */
export const scalableCodecs = [
  { id: 'vp8', title: 'VP8', codec: 'video/VP8' },
  { id: 'vp9', title: 'VP9', codec: 'video/VP9;profile-id=0' },
  { id: 'av1', title: 'AV1', codec: 'video/AV1;profile=0' },
  { id: 'h264', title: 'H.264', codec: 'video/H264;packetization-mode=1;profile-level-id=42e01f' },
] as const;

/**
 * Modes, each with a picture size that has all of its layers: each spatial layer is half as large as the next, and
 * encoders leave out those that would be smaller than 240×135.
 * https://www.w3.org/TR/webrtc-svc/#scalabilitymodes*
 */
export const scalabilityModes = [
  { id: 'l1t2', mode: 'L1T2', size: [320, 240] },
  { id: 'l1t3', mode: 'L1T3', size: [320, 240] },
  { id: 'l2t1', mode: 'L2T1', size: [480, 270] },
  { id: 'l3t3', mode: 'L3T3', size: [960, 540] },
  { id: 'l3t3-key', mode: 'L3T3_KEY', size: [960, 540] },
] as const satisfies readonly { id: string; mode: string; size: readonly [number, number] }[];

/** Audio codecs that carry sound by themselves. */
export const audioConfigurations: readonly Configuration[] = [
  {
    id: 'opus',
    title: 'Opus',
    codec: 'audio/opus',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc7874#section-3', 'https://www.rfc-editor.org/rfc/rfc7587'],
    alone: true,
  },
  {
    id: 'g722',
    title: 'G.722',
    codec: 'audio/G722',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc3551#section-4.5.2'],
    alone: true,
  },
  {
    id: 'pcmu',
    title: 'PCMU (G.711 µ-law)',
    codec: 'audio/PCMU',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc7874#section-3'],
    alone: true,
  },
  {
    id: 'pcma',
    title: 'PCMA (G.711 A-law)',
    codec: 'audio/PCMA',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc7874#section-3'],
    alone: true,
  },
];

/** Entries of a codec list that carry no picture or sound of their own; other scenarios ask about each of them. */
export const helpers = [
  'video/rtx',
  'video/red',
  'video/ulpfec',
  'video/flexfec-03',
  'audio/red',
  'audio/CN',
  'audio/telephone-event',
] as const;
