/**
 * What `import … from 'webrtc-interop'` exports: all that a configuration, a scenario and a fault need. Apart from
 * `webrtc-interop/results`, nothing else of the package can be imported. It follows semantic versioning.
 */
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { declareFor } from '../matrix/scenario.ts';

const declared = declareFor<Agent>();

/**
 * Declares a question about an ordered pair of browsers.
 *
 * Functions that its body hands to `offerer.run` and `answerer.run` are sent to the page as source text: they see the
 * agent and their one argument, nothing else of the file they stand in.
 * @throws {UsageError} `bad-scenario` for an id that is not `area/group/name`, or that is declared already
 */
export const scenario = declared.scenario;

/** Declares a question about one browser; its body has `peer` where `scenario` has two. @see scenario */
export const single = declared.single;

export { pageModule, type PageModule } from '../matrix/page-module.ts';
export type { Service, ServiceAddress } from '../matrix/service.ts';
export { expect } from '../run/recorder.ts';
export { fault, type Fault } from '../../specs/fault.ts';
export { expectPicture, seeReceived } from '../../specs/steps/picture.ts';
export { expectTone, hearReceived } from '../../specs/steps/sound.ts';
export type { Kit } from '../../specs/kit/kit.ts';
export { defineConfig, type UserConfig, type UserBrowser } from '../config/user-config.ts';
export type {
  ClaimMade,
  Load,
  OwnPages,
  PairContext,
  PeerHandle,
  ScenarioDeclaration,
  SingleContext,
  Tools,
} from '../matrix/scenario.ts';
export type { Impairments } from '../protocol/signaling.ts';
export type { Report, Reporter } from '../report/reporter.ts';
export type { Phase, Status } from '../results/schema.ts';
export type { Agent };
