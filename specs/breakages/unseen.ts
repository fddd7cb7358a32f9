/** Why no scenario sees a break: what it does is nothing that a specification or a user would mind, or a hole that is known. */
export const whyUnseen: Readonly<Record<string, string>> = {
  'events/3s-late-RTCPeerConnection-negotiationneeded':
    'the scenarios offer by themselves, and none waits for the event but the example of perfect negotiation, which has its own time',
  'pictures/shown-all-twice': 'the same picture shown again changes nothing that is seen',
  'pictures/shown-every-fifth-twice': 'the same picture shown again changes nothing that is seen',
  'pictures/sent-all-twice': 'the same picture sent again changes nothing that is seen',
  'pictures/sent-every-fifth-twice': 'the same picture sent again changes nothing that is seen',
  'pictures/shown-hue-15':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'pictures/sent-hue-15':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'pictures/sent-limited-as-full':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'events/early-RTCPeerConnection-negotiationneeded':
    'red in the example of perfect negotiation, for what did not come of it; the other scenarios offer by themselves',
  'events/missing-RTCPeerConnection-negotiationneeded':
    'red in the example of perfect negotiation, for what did not come of it; the other scenarios offer by themselves',
  'sdp/heard-message-size-small':
    'the limit that a side hears binds it as a sender; this scenario sends the other way',
  'sound/heard-half-a-percent-low': 'Firefox plays sound 0.5 % off while it catches up with a clock',
  'sound/sent-half-a-percent-low': 'Firefox plays sound 0.5 % off while it catches up with a clock',
  'sdp/said-without-stereo':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-without-usedtx':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-without-cbr':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-without-maxaveragebitrate':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-no-ssrc': 'nothing demands these lines: MID tells streams apart',
  'sdp/heard-no-ssrc': 'nothing demands these lines: MID tells streams apart',
  'sdp/said-message-size-lost':
    'the scenarios that were tried write their own limit into the answer, or send the other way',
  'sdp/said-message-size-small':
    'the scenarios that were tried write their own limit into the answer, or send the other way',
  'sdp/said-no-candidates':
    'the scenarios that were tried have candidates one by one; connection/trickle/off-*-alone asks',
  'sdp/heard-no-candidates':
    'the candidates of the other side are enough; connection/trickle/off-*-alone asks',
  'sdp/candidates-not-heard-all':
    'the candidates of the other side are enough; connection/trickle/*-alone asks',
  'sdp/candidates-not-heard-host':
    'the candidates of the other side are enough; connection/trickle/*-alone asks',
  'sdp/candidates-not-heard-udp':
    'the candidates of the other side are enough; connection/trickle/*-alone asks',
  'sdp/candidate-port-wrong': 'the candidates of the other side are enough; connection/trickle/*-alone asks',
  'sdp/candidates-not-told-tcp': 'nothing here needs TCP: the call goes by UDP',
  'sdp/heard-without-useinbandfec':
    'a hole: the agreement is asked about, and nothing loses packets of sound to see it used',
};
