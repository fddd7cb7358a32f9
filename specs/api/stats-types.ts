/** The dictionaries of those types of statistics that are not named after their dictionary. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  'candidate-pair': ['RTCIceCandidatePairStats'],
  'local-candidate': ['RTCIceCandidateStats'],
  'remote-candidate': ['RTCIceCandidateStats'],
  'media-source': ['RTCAudioSourceStats', 'RTCVideoSourceStats'],
  'media-playout': ['RTCAudioPlayoutStats'],
};

/** The dictionaries of a type: `inbound-rtp` is `RTCInboundRtpStreamStats`. */
export const dictionariesOf = (type: string, all: readonly string[]): readonly string[] =>
  otherwise[type] ??
  all.filter(
    (name) => name.toLowerCase().replace(/^rtc|(?:stream)?stats$/g, '') === type.replaceAll('-', ''),
  );
