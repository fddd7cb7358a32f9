/** The reports that a run can be written as, beside `results.json`; `files` is its evidence as files. */
export const formatNames = [
  'html',
  'summary',
  'junit',
  'ctrf',
  'allure',
  'github',
  'compat',
  'files',
] as const;
export type Format = (typeof formatNames)[number];

/** The formats that are written if none is asked for. */
export const defaultFormats = ['html', 'summary', 'junit', 'compat'] as const satisfies readonly Format[];

export const isFormat = (name: string): name is Format => formatNames.some((format) => format === name);
