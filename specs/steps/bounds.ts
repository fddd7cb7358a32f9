/**
 * What healthy pictures and sounds keep to, in every area. The bounds come from 1251 healthy cells of Chromium 156, Firefox
 * ESR 153 and WebKitGTK 2.50, on 2 cores that other runs kept 92 % busy (25 November 2026). The worst value seen is noted.
 * Where a slow machine makes no difference, the bound leaves as much room again. Where it does, the bound is `paced`, and a
 * cell that misses nothing else is run again, alone: such a bound lies between the worst value seen and what is broken, and
 * not one healthy cell in a hundred misses it.
 */

/** What a healthy picture keeps to on its way. */
export interface PictureBounds {
  /** Largest error of a coloured field, of 255. */
  colourError: number;
  /** Largest error of a grey field, including black and white, of 255. */
  greyError: number;
  /** Least contrast of the finest stripes that must be left, 0 to 1; null where the sender scales the picture. */
  detail: number | null;
  /** Least structural similarity of blocks and fields, 0 to 1. */
  similarity: number;
  /** Largest share of the frames whose code may be unreadable, 0 to 1. */
  unreadable: number;
  /** Smallest share of the drawn frames that must be shown, 0 to 1. */
  shown: number;
  /** Longest time without a new frame, in milliseconds. */
  gapMs: number;
  /** Most milliseconds from drawing to showing, the median. */
  delayMs: number;
  /** Most milliseconds until the first frame, from when it is looked for. */
  firstFrameMs: number;
  /** Most milliseconds from the first frame, black or not, to the third new one. */
  startMs: number;
  /** Largest share of frames whose lowest part may be another's, 0 to 1; null where it is noise or of a file that has none. */
  unfooted: number | null;
}

/** A capture that has passed through nothing lossy. Worst seen: colours 0, greys 0, detail 1. */
export const captured: PictureBounds = {
  colourError: 4,
  greyError: 4,
  // without a coder, only scaling reduces it
  detail: 0.95,
  similarity: 0.98,
  // None was seen.
  unreadable: 0,
  // Worst seen 0.69; half of the frame rate is 0.5.
  shown: 0.55,
  // Worst seen 301.
  gapMs: 500,
  // Worst seen 139.
  delayMs: 400,
  // Worst seen of 54: 222; the slowest draws 5 frames a second, and took 563 for three.
  firstFrameMs: 1000,
  startMs: 900,
  unfooted: 0,
};

/** A capture of 1920×1080, over three seconds: WebKitGTK paints it by processor, as slowly as 1 frame a second on two cores. */
export const capturedLarge: PictureBounds = { ...captured, shown: 0.05, gapMs: 2500, delayMs: 2500 };

/**
 * A file of fixtures/media or a recording, coded once and played on the same machine. Worst seen: colours 3, greys 1, a gap
 * of 370 ms, and 0.54 of its frames in Firefox, which leaves some out as it begins to play.
 */
export const played: PictureBounds = {
  ...captured,
  colourError: 10,
  greyError: 8,
  detail: 0.8,
  similarity: 0.95,
  unreadable: 0.11,
  shown: 0.5,
};

/** Colours of a call, where they are asked about: worst seen 4 and 1 where nothing is wrong, 23 and 18 where something is. */
export const exact = { colourError: 12, greyError: 8 } as const;

/**
 * A call in the picture's own size. Worst seen: detail 0.99, similarity 0.973.
 * Colours are off by up to 40, greys by 18, in every picture that Chromium sends to Firefox; `codecs/colours` asks about
 * that, and the other scenarios do not repeat it.
 */
export const sent: PictureBounds = {
  colourError: 48,
  greyError: 26,
  // 0 where the picture was scaled by 2, whichever way
  detail: 0.8,
  // A picture enlarged from half the lines and columns has 0.89.
  similarity: 0.95,
  // Worst seen one of ten, in AV1.
  unreadable: 0.11,
  // Worst seen 0.5, once; one cell in a hundred has less than 0.62.
  shown: 0.58,
  // Worst seen 544; one cell in a hundred has more than 337.
  gapMs: 600,
  // Worst seen 221.
  delayMs: 400,
  // Worst seen of 160: 362, and 522 before that.
  firstFrameMs: 1000,
  // Worst seen 533, where a camera was replaced, otherwise 381; a picture that is black or frozen for a second has 1050.
  startMs: 700,
  // None was seen.
  unfooted: 0.11,
};

/** A call that is watched for longer, because its rate is what is asked about. Worst seen 0.87. */
export const steady: PictureBounds = { ...sent, shown: 0.7 };

/** A call at 1280×720: reading every pixel back takes its time, and coders may begin coarse. */
export const large: PictureBounds = { ...sent, detail: 0.5, shown: 0.4, gapMs: 900, delayMs: 800 };

/** A call whose sender scales the picture. */
export const scaled: PictureBounds = { ...sent, detail: null };

/**
 * A picture in spatial layers, of up to 960×540: coders begin coarse, and where processors are few, some of its frames are
 * left out. Worst seen: similarity 0.914, 0.45 of the frames, a gap of 400 ms, a delay of 244 ms.
 */
export const layered: PictureBounds = { ...sent, similarity: 0.85, shown: 0.35, gapMs: 800, delayMs: 600 };

/** Encoded frames that go through the page's own thread: worst seen a gap of 958 ms, at the beginning. */
export const throughPage: PictureBounds = { ...sent, shown: 0.5, gapMs: 1400 };

/** A call with fewer bits than the picture needs: its sender may leave out frames, and coarsen what it sends. */
export const starved: PictureBounds = {
  ...scaled,
  similarity: 0.8,
  // Worst seen of 54: 0.39.
  shown: 0.2,
  // Worst seen 408.
  gapMs: 1000,
  // Worst seen 194.
  delayMs: 500,
  // three frames at 5 a second
  startMs: 1500,
};

/**
 * A call that is asked for 5 of 20 frames a second: a healthy stretch of a second often has 4 of them, which is 0.2, or
 * 0.195 if it lasts a little longer. Half of the rate is 0.125.
 */
export const fiveOfTwenty: PictureBounds = { ...starved, shown: 0.16 };

/** Sent, captured at the other side, and sent back or recorded: what two coders and captures leave. */
export const relayed: PictureBounds = {
  ...sent,
  colourError: 64,
  greyError: 40,
  similarity: 0.9,
  // Worst seen 0.30, and 0.55 of 24.
  shown: 0.4,
  delayMs: 500,
};

/**
 * One of several pictures of a call: they share bits and processors. Worst seen of 64 cells with three: similarity 0.935,
 * 0.47 of the frames, a gap of 472 ms, a delay of 188 ms.
 */
export const amongOthers: PictureBounds = { ...sent, similarity: 0.88, shown: 0.4, gapMs: 900, delayMs: 600 };

/** A file played, captured and sent: on a busy machine Firefox leaves out some frames, worst seen 0.23, and 0.55 of 24. */
export const playedAndSent: PictureBounds = { ...sent, shown: 0.4, unfooted: null };

/** A picture that goes on despite losses, which its receiver has to make good. Worst seen: a gap of 165 ms. */
export const overLosses: PictureBounds = { ...sent, gapMs: 800, delayMs: 600 };

/** A picture that begins after a loss. Chromium asks for a key frame every 3 s: worst seen 3015. */
export const afterLoss: PictureBounds = { ...sent, firstFrameMs: 4500, startMs: 4500 };

/**
 * New frames a second of a capture, as a fraction of the rate that it was asked for, or of half of those drawn. Least and
 * most seen 0.77 and 1.1.
 */
export const captureRate = { least: 0.6, most: 1.2, paced: true } as const;

/**
 * How far the frame numbers of a file of 15 frames a second rise in a second, measured over two. Most seen 15.1; Firefox on
 * a machine whose processors were full fell behind to 10.7.
 */
export const playedAtOnce = { least: 9, most: 16, paced: true } as const;
/** Seconds of a file that an element plays in a second at playbackRate 2. */
export const playedAtTwice = { least: 1.4, most: 2.8, paced: true } as const;

/**
 * Frames decoded, as a fraction of those that the sender sent meanwhile, and frames shown, as a fraction of those decoded:
 * worst seen 1.03, and 0.65 of 30 a second.
 */
export const decodedOfSent = { least: 0.85, most: 1.15, paced: true } as const;
export const shownOfDecoded = { least: 0.55, most: 1.15, paced: true } as const;

/**
 * Frames a second that arrive where `maxFramerate` is 5. Least and most seen 4.3 and 5.3; 3.9 on a busy machine that draws
 * fewer than 20, of which the limit takes every fourth.
 */
export const fiveFrames = { least: 3.3, most: 6, paced: true } as const;

/** Frames a second that are shown where 8 are drawn. Least and most seen in 40 cells: 6 and 8.7. */
export const eightFrames = { least: 4, most: 10, paced: true } as const;

/** Milliseconds until what was switched off has stopped: what was under way is still shown. Worst seen 74. */
export const timeToStop = { most: 500, paced: true } as const;
/**
 * Milliseconds until a negotiation or statistics call settles: createOffer, setRemoteDescription, getStats… Worst seen 346,
 * and 191 in 460 of 464 cells, with 13 processes for 2 cores. Paced.
 */
export const mostForCall = 900;
/** Milliseconds from a change that needs negotiation to the event that says so. Worst seen 61. */
export const timeToNegotiationNeeded = { most: 1000, paced: true } as const;
/**
 * Milliseconds from `replaceTrack` until 5 frames of the other track, drawn at 15 a second, have reached the receiver.
 * Worst seen 632.
 */
export const timeToReplace = { most: 2000, paced: true } as const;
/** Milliseconds until both sides know that a data channel is closed. Worst seen 300. */
export const timeToClose = { most: 1500, paced: true } as const;
/** Milliseconds until the bit rate over a second keeps to a new limit. Worst seen 1310. */
export const timeToLimit = { most: 2600, paced: true } as const;
/** Milliseconds until the first sound, from when it is listened for. Worst seen 1533, and 161 in nineteen of twenty cells. */
export const timeToFirstTone = { most: 1900, paced: true } as const;
/** Milliseconds that sound waits in the receiver. Worst seen 1181, where the receiver was being started. */
export const jitterBuffer = { most: 1600, paced: true } as const;
/** Percent of the sound that the receiver had to make up. Worst seen 21. */
export const concealed = { most: 40, paced: true } as const;
/**
 * What the receiver counts, as a fraction of what the sender had counted before, from 236 healthy cells of
 * codecs/{video,video-back,audio} (26 November 2026). Worst seen: in video 0.48 of the packets and 0.55 of the bytes,
 * because Chromium and Firefox also count the padding that they probe the path with, and in audio 0.93 of both. It is no
 * more than the sender counts afterwards: most seen 1.02, because statistics may be 50 ms old.
 */
export const receivedOfSent = {
  audio: { packets: { least: 0.75, most: 1.2 }, bytes: { least: 0.75, most: 1.2 } },
  video: {
    packets: { least: 0.4, most: 1.2 },
    bytes: { least: 0.45, most: 1.2 },
    frames: { least: 0.7, most: 1.2 },
  },
} as const;
/** Bits a second of a picture of up to 640×480: least and most seen 22,000 and 1,050,000. */
export const videoBits = { least: 5000, most: 4_000_000 } as const;
/** Bits a second of a tone: least and most seen 10,834 and 90,000. */
export const audioBits = { least: 5000, most: 200_000 } as const;

/** How much of a stretch of silence is silent: the last of what was under way may still be in it. Worst seen 0.969. */
export const silenced = { least: 0.94 } as const;

/** What a healthy tone keeps to. */
export const tone = {
  /**
   * How far its pitch is off, as a fraction of it. Worst seen 0.0049, in Firefox, which plays sound slower or faster while
   * it catches up with a clock; otherwise 0.0007.
   */
  pitch: 0.008,
  /** How far its level is off, in dB. Worst seen 0.6, and 0.1 of 302. */
  level: 1.2,
  /** How much of a stretch is silent, 0 to 1. Worst seen 0.038. */
  silent: 0.1,
  /** The longest silence, in milliseconds. Worst seen 35. */
  silenceMs: 100,
  /**
   * How far it stands above any other tone, in dB. Worst seen 20; a hum at a fifth of the tone gives 14, the other channel
   * at 70 % gives 3.
   */
  lead: 16,
  /**
   * How far it stands above all the rest of the spectrum together, in dB. Worst seen of 124: 29.5, in PCMU. Noise at a
   * tenth of the tone gives 22.
   */
  purity: 25,
  /**
   * The same at a low bit rate, and for a file whose tone was coded at one. Worst seen 24.7; noise at a third of the tone
   * gives 11.
   */
  purityAtFewBits: 18,
  /** How far both tones of a key stand above any other once the key is heard, in dB. Least seen 12. */
  keyLead: 6,
} as const;

/**
 * What a tone in one channel of a stereo call keeps to: coders let a little of the other channel through. Worst seen a lead
 * of 15 over any other tone and of 13.9 over all the rest, from Chromium to Firefox; the other channel at 70 % leaves 3.
 */
export const toneInStereo = { lead: 10, purity: 9 } as const;

/**
 * How much longer than asked for a key, or the gap after it, may be, in milliseconds: webrtc-pc lets either go on for a
 * packet of sound.
 */
export const key = { packetMs: 20 } as const;

/**
 * Milliseconds for which a key that was sent for `lengthMs` is heard: its receiver plays it from when it arrives. Least and
 * most seen of 400: 359 and 459. Where its length is counted by another clock, 125 are heard.
 */
export const heardKey = (lengthMs: number) =>
  ({ least: lengthMs * 0.7, most: lengthMs + 4 * key.packetMs, paced: true }) as const;

/** The level of a tone, 0 to 1: webrtc-stats leaves open whether its peak or its mean square is meant. */
export const soundLevel = (amplitude: number) => ({
  least: (amplitude / Math.SQRT2) * 0.85,
  most: amplitude * 1.15,
});

/** How long samples last: at least so much of the sound that was heard, at most so much of the time that it took. */
export const timeShare = { least: 0.85, most: 1.15 } as const;

/**
 * Samples that are made up for lost ones, as a fraction of those lost, in 4 losses of 100 ms each. A receiver that has more
 * sound waiting than it wants leaves a gap out; least seen 0.06.
 */
export const madeUp = { least: 0.02, most: 1.8 } as const;

/** Seconds by which a freeze may be counted as shorter or longer than its source stood still. */
export const frozenFor = { less: 0.15, more: 0.6 } as const;

/** The rate that a sender aims at, as a multiple of its path's: it tries more now and then. */
export const rateOfLimited = 1.5;

/**
 * Milliseconds by which a jitter buffer is to hold a picture back, and by which a picture may be late without a target. Of
 * 28 healthy cells: 795 to 826 with the target, 18 to 53 without.
 */
export const delayOfTarget = { target: 800, early: 300 } as const;

/**
 * Milliseconds from the first packet of a stream to the first report about it: 5 s, and up to half as much more, by 1.218.
 * Most seen in 148: 3012. https://www.rfc-editor.org/rfc/rfc3550#section-6.3.1
 */
export const timeToReport = { most: 6200, paced: true } as const;
/**
 * Milliseconds until statistics tell of the first report that has come; they are asked for ten times a second. In the middle
 * 90; most seen in 148: 954, with 60 processes for 2 cores.
 */
export const timeToTell = { most: 1000, paced: true } as const;

/** Milliseconds by which a source's time may be behind, or ahead of, the page's clock. Of 56 healthy cells 1 to 65. */
export const sourceTime = { least: -100, most: 300, paced: true } as const;
/** The clock of packets against the one that plays them: equally fast, over a second. Of 56 healthy cells 0.91 to 1.03. */
export const sourceClock = { least: 0.8, most: 1.25, paced: true } as const;

/**
 * A layer of ten frames a second, one of three that are coded and decoded at once: what is asked is whether it comes in its
 * size. Worst seen in 500 of them, with 17 processes for each of 2 cores: similarity 0.969, 0.27 of the frames, a gap of
 * 2086 ms, a delay of 517 ms, a first frame after 6584 ms, 1078 ms to the third. Half of that while a core is free.
 */
export const layerOf: PictureBounds = {
  ...scaled,
  similarity: 0.85,
  shown: 0.2,
  gapMs: 1500,
  delayMs: 1000,
  firstFrameMs: 8000,
  startMs: 1500,
};
/** New frames in 600 ms of a picture of 20 a second that flows. */
export const flowing = { least: 4, most: 14, paced: true } as const;
/**
 * A layer that is made active again may begin coarse: in one of 130 cells seven of its first ten frames could not be read,
 * and in one of 200 a grey was off by 44.
 */
export const layerAgain: PictureBounds = { ...layerOf, unreadable: 0.85, greyError: 64 };
/** Frames of each other layer during the second and a half in which one layer brings none; 15 are drawn. Least seen 13. */
export const framesOfOthers = { least: 6, paced: true } as const;
/**
 * Milliseconds until three frames of each layer have arrived after one is made active again. Worst seen 720; three are
 * drawn in 300.
 */
export const timeToLayer = { most: 3000, paced: true } as const;

/**
 * A picture that a server forwards: what is asked is whether it goes on. Worst seen of 60, with 20 processes for each of 2
 * cores: 0.12 of the frames, a gap of 652 ms, a delay of 1633 ms, a first frame after 1623 ms.
 */
export const forwarded: PictureBounds = { ...layerOf, detail: sent.detail, shown: 0.1, delayMs: 2000 };
/** The same in layers. */
export const forwardedLayer: PictureBounds = { ...forwarded, detail: null };
/**
 * Milliseconds without a new frame where a server switches between layers, or leaves some out. Worst seen 1436, and 4800
 * with full processors; a receiver that needs a key frame asks for one every 3 s.
 */
export const overSwitch = { most: 2500, paced: true } as const;
/** The same where a server pauses until the picture has stood still for a second and a half. Seen 1567 to 1810. */
export const pausedFor = { least: 1400, most: 5000, paced: true } as const;
/**
 * Frames that are shown where a server leaves out every second one, as a fraction of those drawn. Of 24 healthy cells 0.39 to
 * 0.52. Where picture ids are not rewritten, a quarter is left.
 */
export const halfOfFrames = { least: 0.33, most: 0.6, paced: true } as const;

/**
 * Milliseconds until the rate is what it was before, once a limit of the sender is taken back. Of 82 healthy cells 1002 to
 * 1289, and one of 6926.
 */
export const timeToRise = { most: 10_000, paced: true } as const;
/**
 * Milliseconds until two seconds bring more than a path let through, once it lets everything through again. A sender takes
 * what a busy machine delays for a narrow path, and dares less: worst seen 14,000, and more than 18,000 with full processors.
 */
export const timeToRecover = { most: 25_000, paced: true } as const;
/** Bits a second that a sender puts on a path of so many, three seconds after the path was limited to that. */
export const overLimited = (pathBits: number) => ({ least: pathBits * 0.2, most: pathBits * 1.2 });
/** The share of its packets that is lost there. None was, in 19 healthy cells. */
export const lostOnLimited = { most: 0.25 } as const;
/**
 * A picture on a path that has become too narrow for it: what is lost as it does takes a key frame to make good, which takes
 * its time there. Worst seen: 0.2 of the frames, a gap of 490 ms, a delay of 1703 ms, a first frame after 3876 ms.
 */
export const limited: PictureBounds = {
  ...starved,
  shown: 0.08,
  gapMs: 2000,
  delayMs: 3000,
  firstFrameMs: 6000,
  startMs: 3000,
  unfooted: null,
};
/**
 * Sound beside a picture that fills their path: how much of five seconds is silent, and the longest silence. Worst seen of 27
 * with some 20 processes for each of 2 cores: 0.097, and 186 ms; three more had 0.16 to 0.32, and passed alone.
 */
export const soundOnLimited = { silent: 0.12, silenceMs: 600 } as const;

/**
 * Bits a second at the beginning of a picture whose sender may begin with 1500 kbit/s. With 1000, 442,000 to 818,000; without,
 * 212,000 to 314,000.
 */
export const atStart = { least: 400_000, paced: true } as const;
/** Frames a second of 20, where a starved sender is to keep its frame rate, and where it is to keep its resolution. */
export const keptFrames = { least: 12, paced: true } as const;
export const leftFrames = { least: 0.3, most: 10 } as const;
/** A captured page of 1280 pixels a line, scaled to 640: to be measured. */
export const ofScreen: PictureBounds = { ...scaled, similarity: 0.8, shown: 0.35, gapMs: 900, delayMs: 800 };
/**
 * Milliseconds until a tone has been silent for a second and a half, from when its sender's page went. Of 39 healthy cells
 * 1963 to 3496, with 30 processes for each of 2 cores.
 */
export const timeToSilence = { most: 5000, paced: true } as const;
/** Milliseconds until a captured track ends from when its window closes. */
export const timeToEnd = { most: 1500, paced: true } as const;
