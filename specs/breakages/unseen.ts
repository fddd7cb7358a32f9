/** Why no scenario sees a break: it does nothing that a specification or a user would mind, or it is a known gap. */
export const whyUnseen: Readonly<Record<string, string>> = {
  'capture/canvas-clones':
    'a clone of a captured track has the same source, constraints and methods: an application that is given clones has what it asked for',
  'pictures/sent-all-twice': 'the same picture sent again changes nothing that is seen',
  'pictures/sent-every-fifth-twice': 'the same picture sent again changes nothing that is seen',
  ...Object.fromEntries(
    ['stereo', 'usedtx', 'cbr', 'maxaveragebitrate'].map((name) => [
      `sdp/said-without-${name}`,
      'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost. Whether the sender heeds what it hears is asked',
    ]),
  ),
  ...Object.fromEntries(
    ['said', 'heard'].map((at) => [
      `sdp/${at}-no-ssrc`,
      'sources need not be named where packets name their m-line (RFC 9143, section 9.2): codecs/extensions/mid-demultiplexing leaves them out itself',
    ]),
  ),
  'sdp/said-message-size-lost':
    'who says nothing takes 64 KiB (RFC 8841, section 6.1), so scenarios of larger messages are unsupported: unexpected against a baseline, but not red',
  'sdp/candidates-not-heard-tcp':
    'the TCP candidates of browsers are active ones, to which nobody can connect (RFC 6544, section 4.5): without them nothing is lost',
  'sdp/candidates-not-told-tcp':
    'the TCP candidates of browsers are active ones, to which nobody can connect (RFC 6544, section 4.5): without them nothing is lost',
  'states/RTCSctpTransport-maxChannels-always-65535':
    'that many are allowed; whether they open is asked by negotiated/id-65534',
  'sound/heard-half-a-percent-low': 'Firefox plays sound 0.5 % off while it catches up with a clock',
  'sound/sent-half-a-percent-low': 'Firefox plays sound 0.5 % off while it catches up with a clock',
};
