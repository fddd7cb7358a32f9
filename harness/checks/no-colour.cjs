// What tests read of the terminal is the same in CI, whose logs are coloured, as at a desk: for them and what they start.
process.env.NO_COLOR = '1';
delete process.env.FORCE_COLOR;
