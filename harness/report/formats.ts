/** The reports that a run can be written as, beside `results.json`. */
const allFormats = ['html', 'summary', 'junit', 'allure', 'files'] as const;
export type Format = (typeof allFormats)[number];

/** Those that are written where none is named. `files` unpacks the evidence, which takes ten times its room. */
export const formatNames = ['html', 'summary', 'junit', 'allure'] as const satisfies Format[];

export const isFormat = (name: string): name is Format => allFormats.some((format) => format === name);
export const everyFormat: readonly Format[] = allFormats;
