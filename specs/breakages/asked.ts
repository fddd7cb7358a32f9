/**
 * Globs of the scenarios that ask about what a break breaks, by patterns of the ids of breaks: `npm run mutants` tries
 * them first. The first pattern that matches counts.
 */
const asked: readonly (readonly [ids: RegExp, scenarios: readonly string[]])[] = [
  [
    /^data\/(?:nf|strip|crlf|trim|no-nul|replacement)/,
    ['data-channels/message/text-untouched', 'data-channels/message/text-*'],
  ],
  [/^data\/(?:astral|noncharacters)/, ['data-channels/message/text-every-plane']],
  [/^data\/lower-case/, ['data-channels/message/text-64-kib', 'data-channels/message/text-ascii']],
  [
    /^data\/(?:flip-last|bytes-|offset)/,
    ['data-channels/message/{array-buffer,typed-array-offset,data-view-offset}'],
  ],
  [
    /^data\/(?:cut|byte-added|nul-added|flip)/,
    ['data-channels/size/{64-kib,256-kib}', 'data-channels/message/text-64-kib'],
  ],
  [/^data\/text-/, ['data-channels/message/text-*']],
  [/^data\/empty/, ['data-channels/message/{text,binary}-empty']],
  [
    /^data\/(?:hundredth|swap|merged|split|flip-middle)/,
    ['data-channels/order/ordered-10000', 'data-channels/application/chat-during-file'],
  ],
  [
    /^data\/(?:first-twice|all-twice|last-twice|first-lost|second-lost|last-byte|all-lost)/,
    ['data-channels/message/*', 'data-channels/order/*'],
  ],
  [
    /^data\/crossed/,
    ['data-channels/ids/skip-negotiated', 'data-channels/life/stats', 'data-channels/flow/fair-share'],
  ],
  [/^data\/late/, ['data-channels/message/text-echo', 'data-channels/flow/round-trip-time']],
  [/^data\/secretly-not-ordered/, ['data-channels/reliability/unordered-overtakes']],
  [/^data\/secretly-not-max(?:R|.*Re)/, ['data-channels/reliability/max-retransmits-0-*']],
  [/^data\/secretly-not-maxP/, ['data-channels/reliability/max-packet-life-time-over-silence']],
  [/^data\/(?:option-lost|says)-(?:ordered|always)/, ['data-channels/setup/unordered']],
  [/^data\/(?:option-lost-maxR|says-reliable)/, ['data-channels/setup/max-retransmits-0']],
  [/^data\/option-lost-maxP/, ['data-channels/setup/max-packet-life-time']],
  [/^data\/(?:option-lost|says-no)-protocol/, ['data-channels/setup/protocol']],
  [
    /^data\/option-lost-(?:id|negotiated)/,
    ['data-channels/negotiated/id-1', 'data-channels/ids/skip-negotiated'],
  ],
  [
    /^data\/(?:always-unordered|always-unreliable|says-negotiated)/,
    ['data-channels/setup/defaults', 'data-channels/reliability/ordered-under-loss'],
  ],
  [/^data\/label-(?:nf|trim)/, ['data-channels/setup/{label-unicode,label-empty}']],
  [/^data\/label/, ['data-channels/setup/label-longest']],
  [/^data\/id-/, ['data-channels/ids/by-dtls-role', 'data-channels/negotiated/id-1']],
  [/^data\/(?:buffered|threshold)/, ['data-channels/flow/{buffered-amount,low-threshold}']],
  [/^data\/binary-type/, ['data-channels/binary-type/{blob,changed-in-mid-stream}']],
  [/^data\/send-errors/, ['data-channels/end/send-in-every-state']],
  [/^data\/close/, ['data-channels/end/closed-by-offerer']],

  [
    /^events\/.*RTCDataChannel-(?:close|closing|error)/,
    ['data-channels/end/{closed-by-offerer,closed-by-answerer,abort-error}'],
  ],
  [/^events\/.*bufferedamountlow/, ['data-channels/flow/low-threshold']],
  [/^events\/.*RTCDataChannel-message/, ['data-channels/message/{text-echo,array-buffer}']],
  [/^events\/.*(?:RTCDataChannel-open|datachannel)/, ['data-channels/opening/*']],
  [
    /^events\/.*negotiationneeded/,
    [
      'connection/alone/negotiation-needed',
      'adapter/negotiation/perfect-negotiation-native',
      'adapter/promise/negotiationneeded',
    ],
  ],
  [/^events\/.*icecandidate/, ['connection/trickle/*']],
  [
    /^events\/.*(?:connectionstate|signalingstate|gatheringstate|selectedcandidate|Transport-)/,
    ['connection/trickle/*', 'data-channels/life/*'],
  ],
  [/^events\/second-track/, ['codecs/negotiation/streams']],
  [/^events\/.*track/i, ['codecs/video/vp8', 'adapter/negotiation/track-later-native']],
  [
    /^events\/.*(?:MediaStreamTrack|mute)/,
    ['dom-capture/element-play/*', 'dom-capture/wire/stopped-and-removed', 'codecs/video/vp8'],
  ],
  [/^events\/.*tonechange/, ['telephony/tones/*', 'adapter/negotiation/dtmf-native']],
  [/^events\/.*MediaRecorder/, ['dom-capture/recorder/*']],

  [
    /^pictures\/.*(?:hue|pale|dark|limited|grey)/,
    ['codecs/colours/{vp8,av1-profile-0,vp9-profile-0}', 'codecs/video/vp8'],
  ],
  [/^pictures\/.*lower-quarter/, ['codecs/encodings/scale-down*', 'codecs/video/vp8']],
  [/^pictures\/sent/, ['codecs/video/vp8', 'codecs/motion/{frame-rate,lasting}']],
  [/^pictures\/.*(?:rate|twice|jerky|fps)/, ['codecs/motion/{frame-rate,lasting}']],

  [/^pictures\//, ['codecs/video/{vp8,vp9-profile-0}', 'codecs/motion/lasting', 'dom-capture/wire/*']],

  [
    /^sound\/.*(?:mono|other|swapped|left|high-only|low-only)/,
    ['codecs/audio/opus-stereo', 'dom-capture/sources/web-audio'],
  ],
  [/^sound\//, ['codecs/audio/{opus,pcmu}', 'codecs/motion/lasting', 'dom-capture/wire/audio-file']],

  [/^sdp\/.*no-nack/, ['codecs/feedback/nack', 'codecs/repair/rtx']],
  [/^sdp\/.*feedback/, ['codecs/feedback/{nack,transport-cc,nack-pli}']],
  [/^sdp\/.*mid-extension/, ['codecs/extensions/{mid,mid-demultiplexing}']],
  [/^sdp\/.*mixed/, ['codecs/extensions/extmap-allow-mixed*']],
  [/^sdp\/.*extension/, ['codecs/extensions/{mid,transport-wide-sequence-number,audio-level}']],
  [/^sdp\/.*format/, ['codecs/negotiation/{offerer-order,answerer-preference}']],
  [/^sdp\/.*rtx/, ['codecs/repair/rtx']],
  [/^sdp\/.*usedtx/, ['codecs/audio/opus-dtx']],
  [/^sdp\/.*stereo/, ['codecs/audio/opus-stereo']],
  [/^sdp\/.*cbr/, ['codecs/audio/opus-cbr']],
  [/^sdp\/.*maxaverage/, ['codecs/audio/opus-maxaveragebitrate']],
  [/^sdp\/.*fec/, ['codecs/repair/opus-fec', 'codecs/audio/opus-fec-negotiated']],
  [
    /^sdp\/heard-(?:level-1|without-level)/,
    ['codecs/h264/level-{symmetric,asymmetry-allowed}', 'codecs/video/h264-42e01f-pm1'],
  ],
  [
    /^sdp\/.*profile-level/,
    ['codecs/video/h264-4d001f-*', 'codecs/{video,alone-offerer}/h264-*', 'codecs/h264/*'],
  ],
  [/^sdp\/kept/, ['codecs/negotiation/remote-{description,offer}-as-set']],
  [
    /^sdp\/.*(?:profile-level|packetization|asymmetry|level-1|fmtp)/,
    [
      'codecs/video/h264-42e01f-pm1',
      'codecs/h264/*',
      'codecs/video/vp9-profile-2',
      'codecs/negotiation/remote-{description,offer}-as-set',
    ],
  ],
  [/^sdp\/.*vp9/, ['codecs/{video,alone-offerer}/vp9-profile-2', 'codecs/negotiation/vp9*']],
  [/^sdp\/said-message-size/, ['data-channels/size/{256-kib,64-kib}']],
  [
    /^sdp\/.*message-size/,
    ['data-channels/{life/sctp-transport,size/64-kib}', 'data-channels/limit/{declared,declared-256-kib}'],
  ],
  [/^sdp\/.*simulcast/, ['codecs/encodings/simulcast-rids-high-first', 'codecs/extensions/rid']],
  [/^sdp\/.*ssrc/, ['codecs/extensions/{rid,mid,mid-demultiplexing}', 'codecs/encodings/simulcast*']],
  [
    /^sdp\/.*msid/,
    [
      'codecs/negotiation/streams',
      'adapter/promise/add-track-and-ontrack',
      'adapter/negotiation/audio-video-data-native',
    ],
  ],
  [/^sdp\/.*sendonly/, ['codecs/{video,video-back}/vp8', 'dom-capture/wire/stopped-and-removed']],
  [/^sdp\/(?:said|heard)-no-candidates/, ['connection/trickle/off-*-alone', 'connection/trickle/off']],
  // where both sides tell candidates, those that the other side's checks come from make up for what is lost
  [/^sdp\/.*candidate/, ['connection/trickle/{offerer,answerer}-alone', 'connection/trickle/*']],
  [/^sdp\/.*setup/, ['connection/trickle/*']],
  [/^sdp\/restart/, ['connection/restart/*', 'data-channels/life/ice-restart']],

  [/^statistics\/codec-fmtp/, ['codecs/statistics/audio']],
  [
    /^statistics\/(?:forgets-(?:mid|jitter|packetsLost|header|framesPer)|without-(?:transport|peer|media|remote)|pair|outbound-stuck)/,
    ['codecs/statistics/video'],
  ],
  [/^statistics\/transport-bytes/, ['data-channels/life/stats', 'codecs/statistics/video']],
  [/^statistics\/without-certificate/, ['codecs/statistics/certificates']],
  [/^statistics\/.*(?:channel)/, ['data-channels/life/stats']],
  [
    /^statistics\/.*(?:transport|pair|certificate|peer-conn)/,
    ['connection/restart/*', 'data-channels/life/ice-restart', 'adapter/negotiation/ice-restart-native'],
  ],
  [/^statistics\/.*nack/, ['codecs/{feedback/nack,repair/rtx}']],
  [/^statistics\/.*pli/, ['codecs/feedback/{nack-pli,key-frame-missed}']],
  [/^statistics\/.*scalability/, ['codecs/scalability/{vp9-l1t3,vp8-l1t2,av1-l1t2}']],
  [/^statistics\/.*rid/, ['codecs/extensions/rid']],
  [/^statistics\/h264/, ['codecs/video/h264-42e01f-pm1']],
  [/^statistics\/opus/, ['codecs/audio/opus']],
  [/^statistics\/.*(?:frames|frameWidth|size)/, ['codecs/motion/{frame-rate,lasting}', 'codecs/video/vp8']],
  [/^statistics\/audio/, ['codecs/audio/{opus,opus-dtx}']],
  [/^statistics\/.*header/, ['codecs/audio/{red-opus,opus-dtx,opus}']],
  [/^statistics\//, ['codecs/video/vp8', 'codecs/audio/opus', 'codecs/encodings/max-bitrate']],

  [
    /^states\/RTCDataChannel|^states\/channel/,
    ['data-channels/end/{closed-by-offerer,send-in-every-state}', 'data-channels/opening/*'],
  ],
  [/^states\/RTC(?:Sctp|Dtls)/, ['data-channels/life/{sctp-transport,max-channels}']],
  [
    /^states\/RTCPeerConnection|^states\/connection/,
    ['connection/trickle/*', 'adapter/promise/connection-state'],
  ],
  [
    /^states\/(?:MediaStreamTrack|enabled|never-enabled)/,
    [
      'dom-capture/sources/{track-disabled,clone}',
      'dom-capture/canvas-track/*',
      'dom-capture/element-play/*',
    ],
  ],
  [/^states\/addIceCandidate-(?:settles|swallows)/, ['connection/alone/candidate-in-description']],
  [/^states\/set.*swallows/, ['connection/refused/*']],
  [/^states\/getStats/, ['connection/trickle/off', 'codecs/video/vp8']],
  [/^states\/addIceCandidate/, ['connection/trickle/*-alone', 'connection/trickle/*']],
  [/^states\/hint/, ['dom-capture/sources/content-hint', 'codecs/encodings/content-hint-detail']],
  [
    /^states\/.*swallows|^states\/create-channel/,
    ['codecs/negotiation/no-common-codec', 'data-channels/refused/*', 'data-channels/limit/huge'],
  ],
  [
    /^states\/close/,
    ['data-channels/end/{connection-closed,own-connection-closed}', 'adapter/promise/stats-after-close'],
  ],
  [/^states\/transceivers/, ['codecs/negotiation/directions']],
  [
    /^states\/(?:remove|senders)/,
    [
      'dom-capture/wire/stopped-and-removed',
      'adapter/promise/{remove-track,senders-with-dtmf}',
      'codecs/encodings/scale-down-in-mid-call',
    ],
  ],
  [
    /^states\/.*second/,
    ['adapter/negotiation/track-later-native', 'connection/restart/*', 'codecs/negotiation/reoffer-stable'],
  ],
  [/^states\//, ['connection/trickle/*', 'codecs/video/vp8']],

  [/^senders\/active/, ['codecs/encodings/{active-false,inactive-at-first}']],
  [
    /^senders\/.*maxBitrate|^senders\/max-bitrate|^senders\/30/,
    ['codecs/encodings/max-bitrate', 'codecs/video/vp8'],
  ],
  [
    /^senders\/.*(?:maxFramerate|max-framerate)|^senders\/10/,
    ['codecs/encodings/max-framerate', 'codecs/motion/frame-rate'],
  ],
  [/^senders\/scaleRes|^senders\/half/, ['codecs/encodings/scale-down*', 'codecs/video/vp8']],
  [
    /^senders\/scalability/,
    ['codecs/scalability/temporal-layers-*', 'codecs/scalability/{vp9-l1t3,vp8-l1t3,av1-l1t3}'],
  ],
  [/^senders\/(?:rid|.*layer)/, ['codecs/extensions/rid', 'codecs/encodings/simulcast*']],
  [/^senders\/codec-becomes/, ['codecs/switch/set-parameters']],
  [/^senders\/preference/, ['codecs/encodings/degradation*']],
  [/^senders\/set-parameters/, ['codecs/encodings/{scale-down-in-mid-call,active-false}']],
  [/^senders\/replace/, ['dom-capture/wire/{replaces-camera,canvas-resized}', 'codecs/video-back/vp8']],
  [
    /^senders\/(?:codec-pref|claims)/,
    [
      'codecs/video/{vp9-profile-0,av1-profile-0}',
      'codecs/negotiation/{offerer-order-reversed,answerer-subset}',
      'codecs/inventory/*',
      'codecs/video/vp9-profile-0',
    ],
  ],
  [/^senders\/transforms/, ['codecs/transform/*']],
  [
    /^senders\/always/,
    [
      'codecs/negotiation/directions',
      'codecs/video-back/vp8',
      'codecs/video/vp8',
      'codecs/negotiation/reoffer-stable',
    ],
  ],
  [
    /^senders\/add-track/,
    [
      'codecs/negotiation/streams',
      'dom-capture/wire/canvas-bitmaprenderer',
      'adapter/promise/add-track-and-ontrack',
    ],
  ],
  [/^senders\/dtmf/, ['telephony/keys/{every,same,long}', 'adapter/negotiation/dtmf-native']],

  [/^capture\/.*(?:rate|framesUnasked|unasked|never-by)/, ['dom-capture/canvas-timing/*']],
  [/^capture\/request/, ['dom-capture/{canvas-timing,wire}/request-frame']],
  [/^capture\/canvas/, ['dom-capture/canvas-context/2d', 'dom-capture/canvas-track/two-captures']],
  [/^capture\/recording/, ['dom-capture/recorder/*']],
  [
    /^capture\/clone|^capture\/stop/,
    ['dom-capture/{canvas-track/clone-outlives-stop,sources/clone}', 'dom-capture/wire/stopped-and-removed'],
  ],
  [
    /^capture\/(?:forbidden|other)/,
    ['dom-capture/origin/tainted-canvas-refused', 'dom-capture/canvas-timing/rate-negative'],
  ],
  [/^capture\/constraints/, ['dom-capture/sources/{camera,apply-constraints,impossible-constraint}']],
  [/^capture\/plays/, ['dom-capture/element-play/rate-1']],
  [/^capture\/playbackRate/, ['dom-capture/element-play/rate-2']],
  [/^capture\/element-same/, ['dom-capture/element-play/two-captures']],
  [/^capture\/element-clones/, ['dom-capture/element-source/before-metadata']],
  [/^capture\/volume|^capture\/muted/, ['dom-capture/element-play/{low-volume-is-heard,muted-is-heard}']],
  [
    /^capture\/(?:loop|currentTime|playbackRate|srcObject|pause|play)/,
    ['dom-capture/element-play/*', 'dom-capture/element-source/src-object*'],
  ],
  [/^capture\/element/, ['dom-capture/element-source/file-webm-vp8']],

  [
    /^timing\/changes/,
    ['codecs/switch/set-parameters', 'codecs/encodings/active-false', 'dom-capture/wire/replaces-camera'],
  ],
  [/^timing\//, ['connection/trickle/*', 'codecs/video/vp8']],
];

/** Globs of the scenarios that ask about what a break breaks. */
export const askedAbout = (id: string): readonly string[] => asked.find(([ids]) => ids.test(id))?.[1] ?? [];
