/** The reports that a run can be written as, beside `results.json`. */
export const formatNames = ['html', 'summary', 'junit', 'allure', 'compat'] as const;
export type Format = (typeof formatNames)[number];

export const isFormat = (name: string): name is Format => formatNames.some((format) => format === name);
